import { afterAll, beforeAll, expect, test } from "vitest";
import { RowForms } from "../../../sinks/dynamics/row-form.ts";
import { type Reading, reading } from "./reading.ts";
import { lookup, owner, planOf } from "./writing.ts";

let env: Reading;
beforeAll(async () => {
  env = await reading();
  await env.raw.admin("POST", "users", {
    users: [
      { email: "Anna.Berg@x.example" },
      { email: "left@x.example", active: false },
      { email: "new@x.example", roles: false },
      { email: "copied@x.example.invalid" },
    ],
  });
});
afterAll(() => env.close());

test("users are found by e-mail whatever its case, and who cannot own rows is told apart", async () => {
  const emails = ["anna.berg", "left", "new", "copied", "nobody"].map(
    (name) => `${name}@x.example`,
  );
  const found = await env.sink.users([...emails, "integration@cutover.example"]);
  const facts = found.map(({ email, active, standard }) => [email, active, standard]);
  expect(facts.sort()).toEqual([
    ["anna.berg@x.example", true, true],
    ["copied@x.example.invalid", true, true],
    ["integration@cutover.example", true, false],
    ["left@x.example", false, expect.any(Boolean)],
    ["new@x.example", true, false],
  ]);
});

test("a table is described as our user sees it; one that is not there is not", async () => {
  const fields = new Map(
    (await env.sink.describe("qd_thing"))?.map((field) => [field.name, field] as const),
  );
  expect(fields.get("qd_sourcekey")).toMatchObject({ type: "string", length: 100, unique: true });
  expect(fields.get("qd_kind")?.restrictedValues).toEqual(["Red", "Green", "Ünï & Co"]);
  expect(fields.get("qd_account")?.referenceTo).toEqual(["account"]);
  expect(fields.get("createdon")).toMatchObject({ createable: false, updateable: false });
  expect(await env.sink.describe("qd_nothing")).toBeUndefined();
  expect(await env.sink.describe("no'table")).toBeUndefined();
});

test("metadata says how a table is addressed, its lookups bound, its choices and what it takes", async () => {
  const { metadata } = await env.client();
  const account = await metadata.table("account");
  expect(account).toMatchObject({ set: "accounts", primaryId: "accountid", primaryName: "name" });
  expect([...(account?.messages ?? [])]).toEqual(
    expect.arrayContaining(["CreateMultiple", "UpdateMultiple"]),
  );
  expect((await metadata.table("annotation"))?.messages.size).toBe(0);
  const thing = await metadata.table("qd_thing");
  expect(thing?.nav("qd_account", "account")).toBe("qd_Account");
  expect(thing?.nav("qd_account", "contact")).toBeUndefined();
  expect(thing?.nav("ownerid", "systemuser")).toBe("ownerid");
  expect(thing?.keys).toEqual([
    { name: "qd_sourcekey_key", columns: ["qd_sourcekey"], active: true },
  ]);
  const contact = await metadata.table("contact");
  expect(contact?.nav("parentcustomerid", "account")).toBe("parentcustomerid_account");
  const status = (await metadata.table("opportunity"))?.columns.get("statuscode");
  expect(status?.states?.get(status.options?.get("Won") as number)).toBe(1);
});

test("metadata is asked once for each table until it is told of a change", async () => {
  const { metadata } = await env.client();
  await metadata.table("contact");
  const before = await env.calls("metadata", "200");
  await Promise.all([metadata.table("contact"), metadata.table("contact")]);
  expect(await env.calls("metadata", "200")).toBe(before);
  metadata.forget("contact");
  await metadata.table("contact");
  expect(await env.calls("metadata", "200")).toBeGreaterThan(before);
});

test("tables asked for at once share a call, and one that is not there harms none", async () => {
  const { metadata } = await env.client();
  const before = await env.calls("metadata", "200");
  const names = ["account", "contact", "qd_nothing", "lead"];
  const tables = await Promise.all(names.map((name) => metadata.table(name)));
  expect(tables.map((table) => table?.logical)).toEqual(["account", "contact", undefined, "lead"]);
  expect(tables[3]?.columns.get("statecode")?.labels?.get(0)).toBe("Open");
  expect(await env.calls("metadata", "200")).toBe(before + 1);
});

test("the tables a row touches are known by one call, for reading and for writing", async () => {
  const { metadata } = await env.client();
  const before = await env.calls("metadata", "200");
  const plan = planOf("qd_thing", [lookup("qd_account", "account"), owner]);
  const form = await new RowForms(metadata).of(plan);
  expect([...form.sets]).toEqual([
    ["account", "accounts"],
    ["systemuser", "systemusers"],
  ]);
  await metadata.table("account");
  expect(await env.calls("metadata", "200")).toBe(before + 1);
});

test("definitions that were not answered are asked for again", async () => {
  const { metadata } = await env.client();
  const fault = { kind: "status", status: 400, body: "{}", count: 1 };
  await env.raw.admin("POST", "faults", { faults: [fault] });
  await expect(metadata.table("account")).rejects.toMatchObject({ code: "SINK_SYSTEM_UNKNOWN" });
  expect((await metadata.table("account"))?.set).toBe("accounts");
});

test("a proxy of the environment is not asked on the way to this machine", async () => {
  process.env["http_proxy"] = "http://127.0.0.1:9";
  const { metadata } = await env.client();
  expect(await metadata.table("lead")).toBeDefined();
});

test("calls are not rationed, and the clock is the environment's", async () => {
  expect((await env.sink.allowance()).calls.remaining).toBe(Number.POSITIVE_INFINITY);
  const before = await env.sink.now();
  await env.raw.admin("POST", "clock", { advance_ms: 500_000 });
  expect(await env.sink.now()).toBeGreaterThanOrEqual(before + 500_000);
});
