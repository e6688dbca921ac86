import { afterAll, beforeAll, expect, test } from "vitest";
import { type EnvironmentClient, openEnvironmentClient } from "../environment-client.ts";

let client: EnvironmentClient;
beforeAll(async () => {
  client = await openEnvironmentClient();
});
afterAll(() => client.close());

const json = "Content-Type: application/json";
const part = (request: string, body?: object, more: readonly string[] = []): string[] => [
  "--b",
  "Content-Type: application/http",
  "Content-Transfer-Encoding: binary",
  "",
  `${request} HTTP/1.1`,
  ...(body === undefined ? more : [json, ...more]),
  "",
  ...(body === undefined ? [""] : [JSON.stringify(body)]),
];
const inSet = (id: number | undefined, request: string, body: object): string[] => [
  "--c",
  "Content-Type: application/http",
  "Content-Transfer-Encoding: binary",
  ...(id === undefined ? [] : [`Content-ID: ${id}`]),
  "",
  `${request} HTTP/1.1`,
  json,
  "",
  JSON.stringify(body),
];
const changeSet = (...parts: readonly string[][]): string[] => [
  "--b",
  "Content-Type: multipart/mixed;boundary=c",
  "",
  ...parts.flat(),
  "--c--",
  "",
];
const statuses = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((match) => Number(match[1]));
const count = async (name: string): Promise<number> =>
  Number((await client.call("GET", `accounts/$count?$filter=name eq '${name}'`)).text);

test("a change set is answered in its order, with the ids of its parts, every line ended by CRLF", async () => {
  const { status, text, headers } = await client.batch([
    ...changeSet(
      inSet(1, "POST /api/data/v9.2/contacts", { lastname: "In set" }),
      inSet(2, `POST ${client.ready.http}/api/data/v9.2/accounts`, {
        name: "In set",
        "primarycontactid@odata.bind": "$1",
      }),
      inSet(3, "PATCH $2", { telephone1: "555" }),
      inSet(4, "POST $2/contact_customer_accounts/$ref", { "@odata.id": "$1" }),
    ),
    "--b--",
  ]);
  const boundary = /^multipart\/mixed; boundary=(batchresponse_.+)$/.exec(
    headers.get("content-type") ?? "",
  )?.[1];
  expect(status).toBe(200);
  expect(
    text.startsWith(`--${boundary}\r\nContent-Type: multipart/mixed; boundary=changesetresponse_`),
  ).toBe(true);
  expect(text.replaceAll("\r\n", "")).not.toContain("\n");
  expect(statuses(text)).toEqual([204, 204, 204, 204]);
  expect([...text.matchAll(/^Content-ID: (\d+)/gm)].map((match) => match[1])).toEqual([
    "1",
    "2",
    "3",
    "4",
  ]);
  const { json: found } = await client.call(
    "GET",
    "accounts?$filter=name eq 'In set'&$select=telephone1&$expand=primarycontactid($select=lastname),contact_customer_accounts($select=lastname)",
  );
  expect(found.value[0]).toMatchObject({
    telephone1: "555",
    primarycontactid: { lastname: "In set" },
    contact_customer_accounts: [{ lastname: "In set" }],
  });
});

test("a fault in a change set undoes all of it, and one answer names the culprit", async () => {
  const { status, text } = await client.batch([
    ...changeSet(
      inSet(7, "POST accounts", { name: "Undone" }),
      inSet(8, "POST accounts", { name: 5 }),
    ),
    ...part("POST accounts", { name: "After" }),
    "--b--",
  ]);
  expect([status, statuses(text)]).toEqual([400, [400]]);
  expect(text).toContain("Content-ID: 8");
  expect(text).toContain('"code":"0x80048d19"');
  expect([await count("Undone"), await count("After")]).toEqual([0, 0]);
});

test("without a change set a fault ends the batch, unless it was told to continue", async () => {
  const parts = (name: string): string[] => [
    ...part("POST accounts", { name }),
    ...part("GET accountz"),
    ...part("POST accounts", { name }),
    "--b--",
  ];
  const stopped = await client.batch(parts("Stopped"));
  expect([stopped.status, statuses(stopped.text), await count("Stopped")]).toEqual([
    404,
    [204, 404],
    1,
  ]);
  const went = await client.batch(parts("Went"), {
    headers: { prefer: "odata.continue-on-error" },
  });
  expect([went.status, statuses(went.text), await count("Went")]).toEqual([
    200,
    [204, 404, 204],
    2,
  ]);
});

test("a change set takes writes only, each with a Content-ID of its own, and none of another set", async () => {
  const bodies = [
    changeSet(inSet(1, "GET accounts", {})),
    changeSet(inSet(undefined, "POST accounts", { name: "x" })),
    changeSet(inSet(1, "POST accounts", { name: "x", "primarycontactid@odata.bind": "$9" })),
  ];
  for (const lines of bodies) {
    const { status, text } = await client.batch([...lines, "--b--"]);
    expect([status, statuses(text)]).toEqual([400, [400]]);
    expect(text).toContain("0x80060888");
  }
});

test("what clients send is read: LF alone, blank lines, quoted boundaries, a preamble, odd cases, \\u escapes", async () => {
  const lines = [
    "",
    "--batch_1",
    'content-type: multipart/mixed; Boundary="change 1"',
    "",
    "--change 1",
    "CONTENT-TYPE: application/http",
    "content-transfer-encoding: binary",
    "Content-Id: 100001",
    "",
    "POST accounts HTTP/1.1",
    "Content-Type: application/json; type=entry",
    "If-None-Match: null",
    "",
    "",
    '{"name":"T\\u00f6l\u00e9rant --batch_1 not"}',
    "--change 1--",
    "",
    "--batch_1",
    "Content-Type: application/http",
    "",
    "DELETE accounts(00000000-0000-0000-0000-000000000001)",
    "",
    "",
    "",
    "",
    "--batch_1--",
  ];
  for (const lineEnd of ["\n", "\r\n"]) {
    const { text } = await client.batch(lines, {
      lineEnd,
      headers: {
        "content-type": 'multipart/mixed; boundary="batch_1"',
        prefer: "odata.continue-on-error",
      },
    });
    expect(statuses(text)).toEqual([204, 404]);
  }
  expect(await count("Tölérant --batch_1 not")).toBe(2);
});

test("a batch holds a thousand operations and no batch", async () => {
  const many = (n: number): string[] => [
    ...Array.from({ length: n }, () => part("GET WhoAmI")).flat(),
    "--b--",
  ];
  expect(statuses((await client.batch(many(1_000))).text)).toHaveLength(1_000);
  expect((await client.batch(many(1_001))).status).toBe(400);
  expect((await client.batch([...part("POST $batch", {}), "--b--"])).text).toContain(
    "cannot hold another one",
  );
});

test("a batch is one request to the limits, and its operations are all counted for the entitlement", async () => {
  await client.admin("DELETE", "counters");
  await client.batch([...part("GET WhoAmI"), ...part("GET WhoAmI"), "--b--"]);
  expect((await client.admin("GET", "counters")).json).toMatchObject({
    requests: 1,
    power_platform_requests: 2,
  });
});
