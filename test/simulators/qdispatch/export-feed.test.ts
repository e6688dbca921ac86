import { expect, test } from "vitest";
import { aTenant, type Json } from "./tenant.ts";

const ids = (rows: readonly Json[]): string[] => rows.map((row) => String(row["id"])).sort();
const livingIds = (lines: readonly Json[]): string[] =>
  ids(lines.filter((line) => line["deleted"] === false));

test("paging a feed to its end gives every living record once, and the token then gives nothing", async () => {
  const tenant = await aTenant();
  for (const [feed, entity] of [
    ["jobs", "job"],
    ["locations", "service_location"],
    ["users", "user"],
  ] as const) {
    const text = await tenant.get(`/export/${feed}?pageSize=1000`);
    const digits = [
      ...(await text.text()).matchAll(/\{"id":(\d+),"(?:jobNumber|customerId|name)"/g),
    ];
    expect(digits.map(([, id]) => id).sort()).toEqual(livingIds(await tenant.truth(entity)));
    const { rows, next } = await tenant.follow(feed, "", 7);
    expect(rows).toHaveLength((await tenant.truth(entity)).length);
    expect((await tenant.follow(feed, next)).rows).toEqual([]);
  }
});

test("an id above 2^53 stands on the wire digit by digit, as a number", async () => {
  const tenant = await aTenant({ size: 130 });
  const text = await (await tenant.get("/export/jobs?pageSize=1000")).text();
  expect(text).toContain('"id":9007199254740993,');
  expect(text).toContain('"id":9007199254741993,');
  const one = await tenant.get("/jobs/9007199254741993");
  expect(await one.text()).toContain('{"id":9007199254741993,');
});

test("a deleted record comes through the feed with active false, one gone without a trace only as a 404", async () => {
  const tenant = await aTenant();
  const { next } = await tenant.follow("jobs");
  await tenant.admin("change", { entity: "job", id: "1002", delete: true });
  await tenant.admin("change", { entity: "job", id: "1003", hard_delete: true });
  const { rows } = await tenant.follow("jobs", next);
  expect(rows).toMatchObject([{ id: 1002, active: false }]);
  expect(rows[0]?.["deletedOn"]).toBe(rows[0]?.["modifiedOn"]);
  expect((await tenant.get("/jobs/1003")).status).toBe(404);
  expect((await tenant.json("/jobs/1002"))["active"]).toBe(false);
  const hidden = await tenant.json(`/export/jobs?from=${next}`);
  expect(hidden["data"]).toEqual([]);

  await tenant.admin("change", { entity: "job", id: "1003", revive: true });
  expect(await tenant.json("/jobs/1003")).toMatchObject({ active: true, deletedOn: null });
});

test("a merged customer names its winner", async () => {
  const tenant = await aTenant();
  const { next } = await tenant.follow("customers");
  await tenant.admin("change", { entity: "customer", id: "1005", merge_into: "1004" });
  const { rows } = await tenant.follow("customers", next);
  expect(rows).toMatchObject([{ id: 1005, active: false, mergedToId: 1004 }]);
});

test("the census counts the living only, in pages whose size is cut to 1,000 without a word", async () => {
  const tenant = await aTenant({ size: 300 });
  await tenant.admin("change", { entity: "job", id: "1003", hard_delete: true });
  const first = await tenant.json("/jobs?fields=id&page=1&pageSize=5000");
  expect(first["data"]).toHaveLength(1_000);
  expect(Object.keys(first["data"][0])).toEqual(["id"]);
  const second = await tenant.json("/jobs?fields=id&page=2&pageSize=5000");
  expect([first["hasMore"], second["hasMore"], first["totalCount"]]).toEqual([true, false, 1_199]);
  const found = ids([...first["data"], ...second["data"]]);
  expect(new Set(found).size).toBe(1_199);
  expect(found).not.toContain("1003");
});

test("a date gives what was committed from then on, inclusive, and its token goes on from there", async () => {
  const tenant = await aTenant();
  await tenant.admin("change", { entity: "job", id: "1002", set: { title: "before" } });
  await tenant.admin("clock", { advance_ms: 60_000 });
  const row = await tenant.admin("change", { entity: "job", id: "1003", set: { title: "then" } });
  const { rows, next } = await tenant.follow("jobs", row["updated_at"]);
  expect(rows).toMatchObject([{ id: 1003, summary: "then", modifiedOn: row["updated_at"] }]);
  await tenant.admin("clock", { advance_ms: 60_000 });
  await tenant.admin("change", { entity: "job", id: "1004", set: { title: "later" } });
  const later = (await tenant.follow("jobs", next)).rows.map((one) => one["summary"]);
  expect(later).toContain("later");
  expect(later).not.toContain("before");
});

test("a change younger than two seconds may come twice, an older one comes once", async () => {
  const tenant = await aTenant();
  const { next } = await tenant.follow("jobs");
  await tenant.admin("change", { entity: "job", id: "1002", set: { title: "fresh" } });
  const once = await tenant.follow("jobs", next);
  const twice = await tenant.follow("jobs", once.next);
  expect([once.rows.length, twice.rows.length]).toEqual([1, 1]);
  await tenant.admin("clock", { advance_ms: 5_000 });
  const settled = await tenant.follow("jobs", twice.next);
  expect((await tenant.follow("jobs", settled.next)).rows).toEqual([]);
});

test("a version that is committed but not yet visible shows its predecessor until its time", async () => {
  const tenant = await aTenant();
  const before = (await tenant.json("/jobs/1002"))["summary"];
  await tenant.admin("settings", { visibility_lag_ms: 60_000 });
  await tenant.admin("change", { entity: "job", id: "1002", set: { title: "late" } });
  expect((await tenant.json("/jobs/1002"))["summary"]).toBe(before);
  await tenant.admin("clock", { advance_ms: 60_000 });
  expect((await tenant.json("/jobs/1002"))["summary"]).toBe("late");
});

test("a token of another feed or a made-up one is a 400", async () => {
  const tenant = await aTenant();
  const { next } = await tenant.follow("zones");
  expect((await tenant.get(`/export/jobs?from=${next}`)).status).toBe(400);
  expect((await tenant.get("/export/jobs?from=c.nonsense")).status).toBe(400);
});

test("what a job holds at the source is what its page shows, children, money and times", async () => {
  const tenant = await aTenant();
  const line = (await tenant.truth("job")).find((one) => one["row"]["line_items"].length > 2);
  const truth = line?.["row"];
  const wire = await tenant.json(`/jobs/${truth.id}`);
  expect(wire).toMatchObject({
    jobNumber: truth.number,
    summary: truth.title,
    jobStatus: truth.status,
    total: truth.total.amount,
    currency: truth.total.currency,
    completedOn: truth.completed_at,
    customFields: truth.custom.map((one: Json) => ({ name: one["key"], value: one["value"] })),
  });
  expect(wire["items"]).toMatchObject(
    truth.line_items.map((one: Json) => ({
      id: Number(one["id"]),
      order: one["position"],
      type: one["kind"],
      quantity: one["quantity"],
      unitPrice: one["unit_price"].amount,
      total: one["total"].amount,
    })),
  );
  expect(wire["history"].map((one: Json) => one["to"])).toEqual(
    truth.status_events.map((one: Json) => one["to"]),
  );
  expect(wire["assignments"]).toHaveLength(truth.assignments.length);
});
