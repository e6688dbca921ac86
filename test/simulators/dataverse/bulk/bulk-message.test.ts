import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Answer,
  type EnvironmentClient,
  openEnvironmentClient,
} from "../environment-client.ts";

let client: EnvironmentClient;
beforeAll(async () => {
  client = await openEnvironmentClient();
});
afterAll(() => client.close());

const type = { "@odata.type": "Microsoft.Dynamics.CRM.account" };
const send = (message: string, targets: readonly object[], set = "accounts"): Promise<Answer> =>
  client.call("POST", `${set}/Microsoft.Dynamics.CRM.${message}`, { Targets: targets });
const errorOf = ({ status, json }: Answer): unknown[] => [status, json?.error?.code];
const count = async (name: string): Promise<number> =>
  Number((await client.call("GET", `accounts/$count?$filter=name eq '${name}'`)).text);

test("CreateMultiple gives the ids in the order of its targets, also those that were chosen", async () => {
  const chosen = crypto.randomUUID();
  const { status, json } = await send("CreateMultiple", [
    { ...type, name: "One", overriddencreatedon: "2019-01-02T03:04:05Z" },
    { "@odata.type": "#Microsoft.Dynamics.CRM.account", name: "Two", accountid: chosen },
  ]);
  expect([status, json.Ids[1]]).toEqual([200, chosen]);
  expect(json["@odata.context"]).toMatch(/#Microsoft\.Dynamics\.CRM\.CreateMultipleResponse$/);
  const first = await client.call("GET", `accounts(${json.Ids[0]})?$select=name,createdon`);
  expect(first.json).toMatchObject({ name: "One", createdon: "2019-01-02T03:04:05Z" });
});

test("one wrong row undoes all of them, and the answer does not say which it was", async () => {
  const targets = Array.from({ length: 50 }, (_, at) => ({
    ...type,
    name: "Whole",
    description: at === 41 ? "x".repeat(2_001) : "d",
  }));
  const reply = await send("CreateMultiple", targets);
  expect(errorOf(reply)).toEqual([400, "0x80044331"]);
  expect(reply.text).not.toContain("41");
  expect(await count("Whole")).toBe(0);
});

test("a row that only a plug-in refuses undoes the message, too", async () => {
  await client.admin("POST", "faults", {
    faults: [{ kind: "refuse_write", on: "Create account", nth: 3 }],
  });
  const targets = [1, 2, 3].map(() => ({ ...type, name: "Plugged" }));
  expect(errorOf(await send("CreateMultiple", targets))).toEqual([400, "0x80040265"]);
  expect(await count("Plugged")).toBe(0);
  await client.admin("DELETE", "faults");
});

test("UpdateMultiple changes rows that are there, each once", async () => {
  const ids = (
    await send("CreateMultiple", [
      { ...type, name: "U" },
      { ...type, name: "U" },
    ])
  ).json.Ids;
  const changed = await send("UpdateMultiple", [
    { ...type, accountid: ids[0], name: "V" },
    { ...type, "@odata.id": `accounts(${ids[1]})`, name: "V" },
  ]);
  expect([changed.status, changed.text, await count("V")]).toEqual([204, "", 2]);
  const twice = await send("UpdateMultiple", [
    { ...type, accountid: ids[0] },
    { ...type, accountid: ids[0] },
  ]);
  expect(twice.status).toBe(400);
  const absent = await send("UpdateMultiple", [
    { ...type, accountid: ids[0], name: "W" },
    { ...type, accountid: crypto.randomUUID() },
  ]);
  expect([...errorOf(absent), await count("W")]).toEqual([404, "0x80040217", 0]);
});

test("UpsertMultiple creates and updates by id and says nothing about either, listed or not", async () => {
  const id = crypto.randomUUID();
  for (const name of ["First", "Second"]) {
    const reply = await send("UpsertMultiple", [{ ...type, accountid: id, name }]);
    expect([reply.status, reply.text]).toEqual([204, ""]);
  }
  expect((await client.call("GET", `accounts(${id})`)).json.name).toBe("Second");
});

test("a table without the message and a target without its type are refused", async () => {
  const note = await send(
    "CreateMultiple",
    [{ "@odata.type": "Microsoft.Dynamics.CRM.annotation" }],
    "annotations",
  );
  expect(errorOf(note)).toEqual([400, "0x80040800"]);
  expect(note.json.error.message).toBe(
    "The 'CreateMultiple' method does not support entities of type 'annotation'.",
  );
  expect(errorOf(await send("DeleteMultiple", [{ ...type }]))).toEqual([400, "0x80040800"]);
  expect((await send("CreateMultiple", [{ name: "Untyped" }])).status).toBe(400);
});
