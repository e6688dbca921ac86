import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { column, definition } from "../../simulators/dataverse-metadata/definitions.ts";
import { changesOf } from "../changes-of.ts";
import { everyField, type Reading, reading } from "./reading.ts";
import { planOf, text } from "./writing.ts";

const account = planOf("account", [text("name")]);
const thing = planOf("qd_thing", everyField);
let env: Reading;

beforeAll(async () => {
  env = await reading();
});
afterEach(() => env.raw.admin("DELETE", "faults"));
afterAll(() => env.close());

const extra = column("String", "qd_Extra", { MaxLength: 100 });
const clock = async () => Date.parse((await env.raw.admin("GET", "clock")).json.now);
const later = () => env.raw.admin("POST", "clock", { advance_ms: 60_000 });

test("several tables' changes come by one call, each table's rows as its own", async () => {
  await env.raw.create("accounts", { name: "Old", qd_sourcekey: "customer-old" });
  await later();
  const since = await clock();
  await env.raw.create("accounts", { name: "A", qd_sourcekey: "customer-1" });
  await env.raw.create("qd_things", { qd_name: "B", qd_sourcekey: "thing-1" });
  const before = [await env.calls("batch_query", "200"), await env.calls("query", "200")];
  const { rows, read, failed } = await changesOf(env.sink, [account, thing], since);
  expect(rows.get("account")).toMatchObject([{ key: "customer-1", fields: { name: "A" } }]);
  expect(rows.get("qd_thing")).toMatchObject([{ key: "thing-1", fields: { qd_name: "B" } }]);
  expect([[...read.keys()], failed.size]).toEqual([["account", "qd_thing"], 0]);
  const after = [await env.calls("batch_query", "200"), await env.calls("query", "200")];
  expect(after).toEqual([(before[0] as number) + 1, before[1]]);
});

test("what has more rows than a page is read to its end, beside others that have", async () => {
  await later();
  const since = await clock();
  for (let n = 0; n < 11; n += 1) {
    await env.raw.create("accounts", { name: "A", qd_sourcekey: `customer-page-${n}` });
    await env.raw.create("qd_things", { qd_name: "B", qd_sourcekey: `thing-page-${n}` });
  }
  await env.raw.admin("POST", "faults", { faults: [{ kind: "small_pages", rows: 4 }] });
  const { rows } = await changesOf(env.sink, [account, thing], since);
  for (const object of ["account", "qd_thing"]) {
    expect(new Set(rows.get(object)?.map(({ key }) => key)).size).toBe(11);
  }
});

test("a table that cannot be read is a failure of its own, and no other's", async () => {
  const flawed = planOf("qd_thing", [...everyField, text("qd_notthere")]);
  const absent = planOf("qd_nowhere", [text("qd_name")]);
  const { rows, read, failed } = await changesOf(env.sink, [flawed, account, absent], 0);
  expect(failed).toEqual(
    new Map([
      ["qd_thing", "SINK_SCHEMA_MISMATCH"],
      ["qd_nowhere", "SINK_SCHEMA_MISMATCH"],
    ]),
  );
  expect([...read.keys()]).toEqual(["account"]);
  expect(rows.get("account")?.length).toBeGreaterThan(0);
});

test("a query the service refuses within the batch is its table's failure, and no other's", async () => {
  await env.raw.call("POST", `${definition("qd_thing")}/Attributes`, extra);
  const fuller = planOf("qd_thing", [...everyField, text("qd_extra")]);
  const plans = [fuller, account];
  const sink = await env.another({});
  expect((await changesOf(sink, plans, 0)).failed).toEqual(new Map());
  // What the sink knows of the table is no longer so.
  const column = `${definition("qd_thing")}/Attributes(LogicalName='qd_extra')`;
  expect((await env.raw.call("DELETE", column)).status).toBe(204);
  const { rows, read, failed } = await changesOf(sink, plans, 0);
  expect(failed).toEqual(new Map([["qd_thing", "SINK_SCHEMA_MISMATCH"]]));
  expect([...read.keys()]).toEqual(["account"]);
  expect(rows.get("account")?.length).toBeGreaterThan(0);
});

test("the time said is the environment's, not ours, and never later than the moment of asking", async () => {
  await env.raw.admin("POST", "clock", { advance_ms: 500_000 });
  const before = await clock();
  const { read } = await changesOf(env.sink, [account], before);
  const at = read.get("account") as number;
  expect(at).toBeGreaterThan(Date.now() + 400_000);
  expect(at).toBeLessThanOrEqual((await clock()) + 1);
  expect(at).toBeGreaterThan(before - 5000);
});
