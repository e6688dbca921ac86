import { afterAll, beforeAll, expect, test } from "vitest";
import { type EnvironmentClient, openEnvironmentClient } from "../dataverse/environment-client.ts";
import { addPublisher, column, definition } from "./definitions.ts";

let client: EnvironmentClient;
const keys = `${definition("account")}/Keys`;
const order = { SchemaName: "qd_sourcekey_key", KeyAttributes: ["qd_sourcekey"] };
const status = async (): Promise<string> =>
  (await client.call("GET", `${keys}?$select=EntityKeyIndexStatus`)).json.value[0]
    .EntityKeyIndexStatus;
const advance = (ms: number): Promise<unknown> => client.admin("POST", "clock", { advance_ms: ms });

beforeAll(async () => {
  client = await openEnvironmentClient();
  await addPublisher(client);
  const source = column("String", "qd_SourceKey", { MaxLength: 100 });
  await client.call("POST", `${definition("account")}/Attributes`, source);
  await client.admin("POST", "settings", { keyPendingMs: 60_000, keyInProgressMs: 60_000 });
});
afterAll(() => client.close());

test("a key serves once its index is active: Pending, InProgress, Active by the clock", async () => {
  await client.create("accounts", { qd_sourcekey: "café" });
  expect((await client.call("POST", keys, order)).status).toBe(204);
  expect(await status()).toBe("Pending");
  const early = await client.call("GET", "accounts(qd_sourcekey='x')");
  expect([early.status, early.json.error.code]).toEqual([400, "0x80060890"]);
  await advance(70_000);
  expect(await status()).toBe("InProgress");
  await advance(60_000);
  expect(await status()).toBe("Active");
  expect((await client.call("GET", "accounts(qd_sourcekey='CAFE')")).status).toBe(200);
  const twice = await client.call("POST", "accounts", { qd_sourcekey: "Cafe" });
  expect([twice.status, twice.json.error.code]).toEqual([412, "0x80060892"]);
});

test("an index over equal values fails, and is made again when they are gone", async () => {
  const [first] = [
    await client.create("accounts", { name: "Same" }),
    await client.create("accounts", { name: "same" }),
  ];
  const made = await client.call("POST", keys, {
    SchemaName: "qd_name_key",
    KeyAttributes: ["name"],
  });
  const at = `${keys}(${/Keys\(([^)]+)\)/.exec(made.headers.get("odata-entityid") ?? "")?.[1]})`;
  await advance(130_000);
  expect((await client.call("GET", at)).json.EntityKeyIndexStatus).toBe("Failed");
  await client.call("DELETE", `accounts(${first})`);
  const again = { EntityLogicalName: "account", EntityKeyLogicalName: "qd_name_key" };
  expect((await client.call("POST", "ReactivateEntityKey", again)).status).toBe(204);
  await advance(130_000);
  expect((await client.call("GET", at)).json.EntityKeyIndexStatus).toBe("Active");
  expect((await client.call("DELETE", at)).status).toBe(204);
  expect((await client.call("GET", "accounts(name='same')")).json.error.code).toBe("0x80060890");
});

test("a fault plan keeps an index waiting for as long as it strikes", async () => {
  await client.call("POST", `${definition("lead")}/Attributes`, column("String", "qd_SourceKey"));
  const match = { on: "^lead ", count: 40 };
  await client.admin("POST", "faults", { rules: [{ match, action: { kind: "key_pending" } }] });
  await client.call("POST", `${definition("lead")}/Keys`, order);
  await advance(130_000);
  const states = new Set<string>();
  for (let read = 0; read < 60; read += 1) {
    const { json } = await client.call("GET", `${definition("lead")}/Keys`);
    states.add(json.value[0].EntityKeyIndexStatus);
  }
  expect([...states]).toEqual(["Pending", "Active"]);
  await client.admin("DELETE", "faults");
});

test("definitions and an index under way outlive a restart", async () => {
  await client.call(
    "POST",
    `${definition("contact")}/Attributes`,
    column("String", "qd_SourceKey"),
  );
  await client.call("POST", `${definition("contact")}/Keys`, order);
  await client.restart();
  await client.signIn();
  await advance(130_000);
  const id = await client.create("contacts", { qd_sourcekey: "k" });
  const found = await client.call("GET", "contacts(qd_sourcekey='K')?$select=contactid");
  expect(found.json.contactid).toBe(id);
});

test("a key that is there, too wide or of a wrong type is refused by its code", async () => {
  const code = async (SchemaName: string, KeyAttributes: string[]): Promise<unknown> =>
    (await client.call("POST", keys, { SchemaName, KeyAttributes })).json.error.code;
  expect(await code("qd_sourcekey_key", ["accountnumber"])).toBe("0x80060893");
  expect(await code("qd_other_key", ["qd_sourcekey"])).toBe("0x80060894");
  expect(await code("qd_wide_key", ["websiteurl", "address1_line1", "address1_line2"])).toBe(
    "0x80060895",
  );
  expect(await code("qd_memo_key", ["description"])).toBe("0x80040203");
});
