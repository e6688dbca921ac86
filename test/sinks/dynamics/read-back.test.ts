import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DestinationRow, SinkRow } from "../../../sinks/sink.ts";
import { resultKey } from "../../../sinks/sink.ts";
import { label } from "../../simulators/dataverse-metadata/definitions.ts";
import { changesOf } from "../changes-of.ts";
import { everyField, type Reading, reading } from "./reading.ts";
import { aRow, lookup, planOf, text } from "./writing.ts";

let env: Reading;
let accountId: string;
let ownerId: string;
const account = planOf("account", [text("name")]);
const thing = planOf("qd_thing", everyField);

beforeAll(async () => {
  env = await reading();
  const users = [{ email: "anna@x.example" }];
  ownerId = (await env.raw.admin("POST", "users", { users })).json.ids[0];
  accountId = await written(account, [aRow("customer-1", { name: "Acme" })]);
});
afterAll(() => env.close());

/** Creates rows, all of them, and returns the id of the first. */
async function written(plan: typeof account, rows: readonly SinkRow[]): Promise<string> {
  const results = await env.sink.send([{ plan, operation: "insert", rows }]);
  const all = rows.map(({ key }) => results.get(resultKey(plan.object, key)));
  expect(all.filter((result) => result?.kind !== "created")).toEqual([]);
  return (all[0] as { destinationId: string }).destinationId;
}

async function observed(plan: typeof account) {
  const rows: DestinationRow[] = [];
  for await (const page of env.sink.observe(plan)) rows.push(...page);
  return rows;
}

const words = (most: number) =>
  fc
    .string({ unit: "grapheme", maxLength: most })
    .map((value) => value.slice(0, most))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the service keeps no control characters
    .filter((value) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(value))
    .filter((value) => value.isWellFormed());
const or = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const markup = fc
  .array(fc.tuple(fc.constantFrom("p", "b", "li", "div"), words(40)), { maxLength: 4 })
  .map((parts) =>
    parts.map(([name, said]) => `<${name}>${said.replace(/[<>&]/g, "&amp;")}</${name}>`).join("\n"),
  );
const moment = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2024, 0, 1) });
const amount = fc.tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.nat(99));
const rowFields = fc.record({
  qd_name: or(words(100)),
  qd_memo: or(words(400)),
  qd_body: or(markup),
  qd_email: or(fc.emailAddress({ size: "small" }).filter((value) => value.length <= 100)),
  qd_phone: or(words(50)),
  qd_site: or(fc.webUrl({ size: "small" }).filter((value) => value.length <= 200)),
  qd_kind: or(fc.constantFrom("Red", "Green", "Ünï & Co")),
  qd_roles: or(fc.subarray(["Site", "Billing", "Recipient"]).map((some) => some.join(";"))),
  qd_flag: or(fc.boolean()),
  qd_count: or(fc.integer({ min: -1_000_000, max: 1_000_000 })),
  qd_rate: or(amount.map(([whole, part]) => `${whole}.${String(part).padStart(2, "0")}5`)),
  qd_amount: or(amount.map(([whole, part]) => `${whole}.${String(part).padStart(2, "0")}`)),
  qd_day: or(moment.map((at) => new Date(at).toISOString().slice(0, 10))),
  qd_at: or(moment),
  overriddencreatedon: moment,
  qd_account: or(fc.constant("account")),
  ownerid: fc.boolean(),
});

test("what is written is what is read, for values of every type", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(rowFields, { minLength: 60, maxLength: 60 }), async (values) => {
      run += 1;
      const parents = values.map((_, at) => `thing-${run}-${at}`);
      const rows = values.map((fields, at) =>
        aRow(parents[at] as string, {
          ...fields,
          qd_account: fields.qd_account === null ? null : accountId,
          qd_parent: null,
          ownerid: fields.ownerid ? ownerId : env.sink.userId,
        }),
      );
      await written(thing, rows);
      const found = new Map((await observed(thing)).map((row) => [row.key, row] as const));
      for (const { key, fields } of rows) {
        const row = found.get(key) as DestinationRow;
        const expected = Object.fromEntries(
          everyField.map((field) => {
            const value = fields[field.name] ?? null;
            if (field.name === "qd_account" && value !== null) return [field.name, "customer-1"];
            if (field.owner === true) return [field.name, `id:${String(value)}`];
            return [field.name, env.sink.canonical(field, value)];
          }),
        );
        expect(row.fields).toEqual(expected);
        expect(row.modifiedBy).toBe(env.sink.userId);
      }
    }),
    { numRuns: 4 },
  );
});

test("a value that differs is read as different", async () => {
  await written(thing, [aRow("thing-other", { qd_name: "One", qd_amount: "10.00" })]);
  const [row] = await env.sink.read(thing, { keys: ["thing-other"] });
  await env.raw.admin("POST", "tamper", {
    ...{ object: "qd_thing", id: row?.destinationId },
    set: { qd_amount: 10.01 },
  });
  const [again] = await env.sink.read(thing, { keys: ["thing-other"] });
  expect([row?.fields["qd_amount"], again?.fields["qd_amount"]]).toEqual(["10.00", "10.01"]);
});

test("a large amount keeps its cents", async () => {
  await written(thing, [aRow("thing-rich", { qd_rate: "99999999999.9999" })]);
  const [row] = await env.sink.read(thing, { keys: ["thing-rich"] });
  expect(row?.fields["qd_rate"]).toBe("99999999999.9999");
});

test("a lookup is its target's source key, or its id where the target has none", async () => {
  const foreign = await env.raw.create("accounts", { name: "Somebody else's" });
  const parent = await written(thing, [aRow("thing-parent", { qd_account: foreign })]);
  await written(thing, [aRow("thing-child", { qd_parent: parent })]);
  const rows = await env.sink.read(thing, { keys: ["thing-parent", "thing-child"] });
  const lookups = new Map(rows.map(({ key, fields }) => [key, fields] as const));
  expect(lookups.get("thing-parent")?.["qd_account"]).toBe(`id:${foreign}`);
  expect(lookups.get("thing-child")?.["qd_parent"]).toBe("thing-parent");
});

test("rows are ours by their key; others' are not read, and keys are told apart by case", async () => {
  await env.raw.create("accounts", { name: "Not ours" });
  expect((await observed(account)).map(({ key }) => key)).toEqual(["customer-1"]);
  expect(await env.sink.read(account, { keys: ["CUSTOMER-1"] })).toEqual([]);
  const [row] = await env.sink.read(account, { keys: ["customer-1"] });
  expect(row).toMatchObject({ destinationId: accountId, deleted: false });
});

test("only what changed since is read, and many pages are read to their end", async () => {
  await env.raw.admin("POST", "clock", { advance_ms: 60_000 });
  const since = await env.sink.now();
  await env.raw.call("PATCH", `accounts(${accountId})`, { name: "Acme Ltd" });
  const { rows } = await changesOf(env.sink, [account, thing], since);
  expect(rows.get("account")?.map(({ fields }) => fields["name"])).toEqual(["Acme Ltd"]);
  expect(rows.get("qd_thing")).toEqual([]);
  await env.raw.admin("POST", "faults", { faults: [{ kind: "small_pages", rows: 7 }] });
  const all = await observed(thing);
  expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
  expect(all.length).toBeGreaterThan(200);
  await env.raw.admin("DELETE", "faults");
});

test("a row another user wrote last is not ours alone, one our users wrote is", async () => {
  const id = await written(account, [aRow("customer-2", { name: "Two" })]);
  const writer = async () => (await env.sink.read(account, { ids: [id] }))[0]?.modifiedBy;
  const [own] = env.options().users;
  const other = await env.user();
  const call = { api: "update", method: "PATCH", path: `accounts(${id})`, write: true } as const;
  const change = { ...call, body: '{"name":"2"}' };
  expect(await writer()).toBe(env.sink.userId);
  // On behalf of somebody, by us.
  await (await env.client()).call({ ...change, user: ownerId });
  expect(await writer()).toBe(env.sink.userId);
  await (await env.client({ users: [other] })).call(change);
  expect(await writer()).not.toBe(env.sink.userId);
  const sink = await env.another({ users: [own, other] });
  const [row] = await sink.read(account, { ids: [id] });
  expect(row?.modifiedBy).toBe(env.sink.userId);
});

test("a choice an admin adds while we read is read by its label", async () => {
  const id = await written(thing, [aRow("thing-choice", { qd_kind: "Red" })]);
  const added = await env.raw.call("POST", "InsertOptionValue", {
    ...{ EntityLogicalName: "qd_thing", AttributeLogicalName: "qd_kind" },
    Label: label("Purple"),
  });
  await env.raw.call("PATCH", `qd_things(${id})`, { qd_kind: added.json.NewOptionValue });
  const [row] = await env.sink.read(thing, { keys: ["thing-choice"] });
  expect(row?.fields["qd_kind"]).toBe("Purple");
});

test("rows of unknown fate are found by their key, and what was never written is not", async () => {
  const rows = [aRow("customer-1", {}), aRow("customer-9", {})];
  const found = await env.sink.ask(account, rows, () => false);
  expect([...found.keys()]).toEqual(["customer-1"]);
  expect(found.get("customer-1")).toMatchObject({ destinationId: accountId, whole: null });
});

test("notes take no key: they are ours under our rows, asked for by the id made of their key", async () => {
  const note = planOf(
    "annotation",
    [
      lookup("objectid", "account", { thing: "qd_thing" }),
      text("subject"),
      { name: "filename", type: "string" },
      { name: "mimetype", type: "string" },
      { name: "documentbody", type: "file" },
    ],
    { identity: "primary_key", keyField: "" },
  );
  const content = "Grüße, ".repeat(60_000);
  const fields = {
    objectid: accountId,
    subject: "A file",
    filename: "a.txt",
    mimetype: "text/plain",
  };
  const file = note.fields.find(({ type }) => type === "file") as (typeof everyField)[number];
  await written(note, [
    aRow("note-1", { ...fields, documentbody: `text:${content}` }),
    aRow("note-2", { objectid: accountId, subject: "No file" }),
  ]);
  const foreign = await env.raw.create("accounts", { name: "Not ours either" });
  await env.raw.create("annotations", {
    subject: "Not ours",
    "objectid_account@odata.bind": `/accounts(${foreign})`,
  });
  const rows = await observed(note);
  const bySubject = new Map(rows.map((row) => [row.fields["subject"], row] as const));
  expect([...bySubject.keys()].sort()).toEqual(["A file", "No file"]);
  expect(bySubject.get("A file")).toMatchObject({
    key: null,
    fields: {
      objectid: "customer-1",
      documentbody: env.sink.canonical(file, `text:${content}`),
    },
  });
  expect(bySubject.get("No file")?.fields["documentbody"]).toBeNull();
  const asked = await env.sink.ask(note, [aRow("note-1", {}), aRow("note-3", {})], () => false);
  expect([...asked.keys()]).toEqual(["note-1"]);
  const before = await env.calls("file", "200");
  await observed(note);
  expect(await env.calls("file", "200")).toBe(before);
});
