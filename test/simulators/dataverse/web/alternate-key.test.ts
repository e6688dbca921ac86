import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Answer,
  type EnvironmentClient,
  openEnvironmentClient,
} from "../environment-client.ts";

let client: EnvironmentClient;
const label = (Label: string): object => ({ LocalizedLabels: [{ Label, LanguageCode: 1033 }] });
const attribute = (type: string, SchemaName: string, more: object): object => ({
  "@odata.type": `Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
  SchemaName,
  DisplayName: label(SchemaName),
  ...more,
});

async function need(method: string, path: string, body: unknown): Promise<void> {
  const { status, text } = await client.call(method, path, body);
  if (status >= 300) throw new Error(`${path}: ${status} ${text}`);
}

beforeAll(async () => {
  client = await openEnvironmentClient();
  const publisher = { uniquename: "qd", friendlyname: "Cutover", customizationprefix: "qd" };
  await need("POST", "publishers", { ...publisher, customizationoptionvalueprefix: 10_000 });
  const columns = "EntityDefinitions(LogicalName='account')/Attributes";
  await need("POST", columns, attribute("String", "qd_SourceKey", { MaxLength: 100 }));
  await need("POST", columns, attribute("Integer", "qd_Part", {}));
  const keys = "EntityDefinitions(LogicalName='account')/Keys";
  await need("POST", keys, {
    SchemaName: "qd_SourceKey_Key",
    DisplayName: label("Source key"),
    KeyAttributes: ["qd_sourcekey"],
  });
  await need("POST", keys, {
    SchemaName: "qd_Two",
    DisplayName: label("Two"),
    KeyAttributes: ["accountnumber", "qd_part"],
  });
});
afterAll(() => client.close());

const representation = { prefer: "return=representation" };
const errorOf = ({ status, json }: Answer): unknown[] => [status, json?.error?.code];

test("an upsert by key answers alike for both paths, with the key and not the id; representation tells them apart", async () => {
  const path = "accounts(qd_sourcekey='up-1')";
  const made = await client.call("PATCH", path, { name: "A" });
  const changed = await client.call("PATCH", path, { name: "B", qd_sourcekey: "ignored" });
  for (const { status, headers } of [made, changed]) {
    expect(status).toBe(204);
    expect(headers.get("odata-entityid")).toMatch(/\/accounts\(qd_sourcekey='up-1'\)$/);
  }
  const shown = await client.call("PATCH", path, { name: "C" }, representation);
  expect([shown.status, shown.json.qd_sourcekey, shown.json.name]).toEqual([200, "up-1", "C"]);
  const created = await client.call(
    "PATCH",
    "accounts(qd_sourcekey='up-2')",
    { name: "D", qd_sourcekey: "loses" },
    representation,
  );
  expect([created.status, created.json.qd_sourcekey]).toEqual([201, "up-2"]);
});

test("keys of several columns, quotes, slashes and double quotes are read", async () => {
  const rows = [
    ["accounts(accountnumber='N1',qd_part=5)", { accountnumber: "N1", qd_part: 5 }],
    ["accounts(qd_sourcekey='O''Br%C3%A9n/1')", { qd_sourcekey: "O'Brén/1" }],
    ["accounts(qd_sourcekey=%22O'Neil%22)", { qd_sourcekey: "O'Neil" }],
  ] as const;
  for (const [path, values] of rows) {
    expect((await client.call("PATCH", path, { name: "K" }, representation)).json).toMatchObject(
      values,
    );
    expect((await client.call("GET", `${path}?$select=name`)).json.name).toBe("K");
  }
  await client.admin("POST", "settings", { strictKeys: true });
  expect(errorOf(await client.call("GET", "accounts(qd_sourcekey='a/b')"))).toEqual([
    400,
    "0x80060888",
  ]);
  await client.admin("POST", "settings", { strictKeys: false });
});

test("a key is unique without regard to case and accents; rows without it are not covered", async () => {
  await client.create("accounts", { name: "First", qd_sourcekey: "café-1" });
  const again = await client.call("POST", "accounts", { name: "Second", qd_sourcekey: "CAFE-1" });
  expect(errorOf(again)).toEqual([412, "0x80060892"]);
  expect(again.json.error.message).toContain("A record with the same value for");
  expect((await client.call("GET", "accounts(qd_sourcekey='Cafe-1')")).json.name).toBe("First");
  await client.create("accounts", { name: "No key" });
  await client.create("accounts", { name: "No key" });
});

test("conditions decide whether an upsert may create or must", async () => {
  const absent = await client.call(
    "PATCH",
    "accounts(qd_sourcekey='nobody')",
    {},
    { "if-match": "*" },
  );
  expect(errorOf(absent)).toEqual([404, "0x80060891"]);
  await client.create("accounts", { qd_sourcekey: "there" });
  expect(
    errorOf(
      await client.call("PATCH", "accounts(qd_sourcekey='there')", {}, { "if-none-match": "*" }),
    ),
  ).toEqual([412, ""]);
});

test("what is no key is refused, and so is a key whose index is not there yet", async () => {
  expect(errorOf(await client.call("GET", "accounts(name='x')"))).toEqual([400, "0x80060890"]);
  await client.admin("POST", "settings", { keyPendingMs: 60_000 });
  const keys = "EntityDefinitions(LogicalName='contact')/Keys";
  await need("POST", keys, {
    SchemaName: "qd_Mail",
    DisplayName: label("Mail"),
    KeyAttributes: ["emailaddress1"],
  });
  const read = (): Promise<Answer> => client.call("GET", "contacts(emailaddress1='a@b.example')");
  expect(errorOf(await read())).toEqual([400, "0x80060890"]);
  await client.admin("POST", "clock", { advance_ms: 61_000 });
  expect(errorOf(await read())).toEqual([404, "0x80060891"]);
  await client.admin("POST", "settings", { keyPendingMs: 0 });
});

test("lookups are bound by key, and filters on a key find it whatever its case", async () => {
  const contact = await client.create("contacts", {
    lastname: "C",
    emailaddress1: "bound@x.example",
  });
  const id = await client.create("accounts", {
    qd_sourcekey: "bind-1",
    "primarycontactid@odata.bind": "/contacts(emailaddress1='bound@x.example')",
  });
  const { json } = await client.call(
    "GET",
    "accounts?$filter=qd_sourcekey eq 'BIND-1' or qd_sourcekey eq 'none'&$select=_primarycontactid_value",
  );
  expect(json.value).toMatchObject([{ accountid: id, _primarycontactid_value: contact }]);
});

test("UpsertMultiple by key: a key that stands in the body, too, is refused for new rows only", async () => {
  const target = (key: string, more: object): object => ({
    "@odata.type": "Microsoft.Dynamics.CRM.account",
    "@odata.id": `accounts(qd_sourcekey='${key}')`,
    ...more,
  });
  const send = (...Targets: object[]): Promise<Answer> =>
    client.call("POST", "accounts/Microsoft.Dynamics.CRM.UpsertMultiple", { Targets });
  expect((await send(target("m-1", { name: "A" }))).status).toBe(204);
  expect((await send(target("m-1", { name: "B", qd_sourcekey: "m-1" }))).status).toBe(204);
  const refused = await send(target("m-2", { name: "C", qd_sourcekey: "m-2" }));
  expect([...errorOf(refused), refused.json.error.message]).toEqual([
    400,
    "0x80040216",
    "An unexpected error occurred.",
  ]);
  expect((await client.call("GET", "accounts(qd_sourcekey='m-1')")).json.name).toBe("B");
});

test("a duplicate key in CreateMultiple undoes the call; sent again after a cut it says the rows are there", async () => {
  const targets = ["x-1", "x-2", "x-1"].map((qd_sourcekey) => ({
    "@odata.type": "Microsoft.Dynamics.CRM.account",
    qd_sourcekey,
  }));
  const send = (Targets: readonly object[]): Promise<Answer> =>
    client.call("POST", "accounts/Microsoft.Dynamics.CRM.CreateMultiple", { Targets });
  expect(errorOf(await send(targets))).toEqual([412, "0x80060892"]);
  expect((await send(targets.slice(0, 2))).status).toBe(200);
  expect(errorOf(await send(targets.slice(0, 2)))).toEqual([412, "0x80060892"]);
});

test("what another user did to a row is ordered by its key", async () => {
  await client.create("accounts", { name: "Mine", qd_sourcekey: "tampered" });
  await client.admin("POST", "tamper", {
    object: "account",
    key: "tampered",
    set: { name: "Theirs" },
  });
  expect((await client.call("GET", "accounts(qd_sourcekey='tampered')")).json.name).toBe("Theirs");
});
