import { expect, test } from "vitest";
import { aTenant, type Json, type Tenant } from "./tenant.ts";

test("600 changes hold every kind, at least 2 % deletes of which about half leave no trace, and no parent missing", async () => {
  const tenant = await aTenant({ size: 100 });
  const { next } = await tenant.follow("jobs");
  const state = await tenant.admin("tick", { changes: 600 });
  expect(state).toMatchObject({ applied: 600, postponed: 0 });
  const kinds = Object.keys(state["by_kind"]);
  for (const kind of [
    "job_status",
    "line_removed",
    "job_revived",
    "customer_merged",
    "contact_moved",
    "parent_after_child",
    "job_there_and_back",
  ])
    expect(kinds).toContain(kind);
  expect(state["by_kind"].job_deleted).toBeGreaterThanOrEqual(12);

  const jobs = await tenant.truth("job");
  const deleted = jobs.filter((line) => line["deleted"]);
  const traced = (await tenant.follow("jobs", next)).rows.filter((row) => row["active"] === false);
  expect(traced.length).toBeGreaterThan(deleted.length / 5);
  expect(traced.length).toBeLessThan((deleted.length * 4) / 5);
  await expectParents(tenant, jobs);
});

async function expectParents(tenant: Tenant, jobs: readonly Json[]): Promise<void> {
  const customers = new Set((await tenant.truth("customer")).map((line) => line["id"]));
  const named = jobs.map((line) => line["row"].customer_id).filter((id) => id !== null);
  expect(named.filter((id) => !customers.has(id))).toEqual([]);
}

test("visits, notes, files, bills, payments and links change too, and nothing living hangs on a deleted job", async () => {
  const tenant = await aTenant({ size: 100, realities: false });
  const state = await tenant.admin("tick", { changes: 600 });
  const kinds = Object.keys(state["by_kind"]);
  for (const kind of [
    "appointment_created",
    "appointment_moved",
    "appointment_deleted",
    "note_created",
    "note_edited",
    "attachment_created",
    "attachment_replaced",
    "activity_created",
    "invoice_created",
    "payment_created",
    "link_added",
    "property_changed",
  ])
    expect(kinds).toContain(kind);
  const jobs = await tenant.truth("job");
  const dead = new Set(jobs.filter((line) => line["deleted"]).map((line) => line["id"]));
  expect(dead.size).toBeGreaterThan(5);
  for (const entity of ["appointment", "note", "attachment", "activity", "invoice"]) {
    const living = (await tenant.truth(entity)).filter((line) => !line["deleted"]);
    expect(living.filter((line) => dead.has(line["row"].job_id))).toEqual([]);
  }
  // Bills written and payments taken meanwhile add up like those of before.
  expect((await tenant.admin("planted"))["totals_differ"].count).toBe(0);
});

test("the same seed gives the same changes, one by one or all at once", async () => {
  const tenants = [await aTenant(), await aTenant()] as const;
  for (const tenant of tenants) await tenant.admin("clock", { at: "2026-03-01T10:00:00Z" });
  const [first, second] = tenants;
  await first.admin("tick", { changes: 120 });
  await second.admin("tick", { changes: 120 });
  const titles = async (tenant: Tenant): Promise<unknown[]> =>
    (await tenant.truth("job")).map(({ id, deleted, row }) => [id, deleted, row.title, row.status]);
  const notes = async (tenant: Tenant): Promise<unknown[]> =>
    (await tenant.truth("note")).map(({ id, deleted, row }) => [id, deleted, row.body]);
  expect(await titles(first)).toEqual(await titles(second));
  expect(await notes(first)).toEqual(await notes(second));
});

test("a reader that follows the token and takes the census ends with exactly the truth", async () => {
  const tenant = await aTenant({ quiet: false, size: 60 });
  const store = new Map<string, Json>();
  const take = (rows: readonly Json[]): void => {
    for (const row of rows) {
      if (row["active"]) store.set(String(row["id"]), row);
      else store.delete(String(row["id"]));
    }
  };
  const snapshot = await tenant.follow("jobs", "", 20);
  take(snapshot.rows);
  expect(snapshot.rows.length).toBeGreaterThan(240); // some came twice: they changed meanwhile
  await tenant.admin("tick", { changes: 200 });
  take((await tenant.follow("jobs", snapshot.next, 20)).rows);
  const census = await tenant.json("/jobs?fields=id&pageSize=1000");
  const living = new Set(census["data"].map((row: Json) => String(row["id"])));
  for (const id of store.keys()) if (!living.has(id)) store.delete(id);
  const truth = (await tenant.truth("job")).filter((line) => !line["deleted"]);
  const shown = [...store.values()].map((row) => [
    row["summary"],
    row["items"].length,
    row["history"].length,
  ]);
  const wanted = truth.map(({ row }) => [
    row.title,
    row.line_items.length,
    row.status_events.length,
  ]);
  expect(shown.map(String).sort()).toEqual(wanted.map(String).sort());
});

test("about one record in twenty changes while a feed is read for the first time, and none the second time", async () => {
  const tenant = await aTenant({ quiet: false, size: 250 });
  const first = await tenant.follow("jobs", "", 100);
  await tenant.admin("clock", { advance_ms: 10_000 });
  const { changes } = await changed(tenant, first.next);
  expect(first.rows.length + changes).toBeGreaterThan(1_030);
  expect(first.rows.length + changes).toBeLessThan(1_100);
  const before = (await tenant.truth("job")).map((line) => line["seq"]);
  await tenant.follow("jobs", "", 100);
  expect((await tenant.truth("job")).map((line) => line["seq"])).toEqual(before);
});

async function changed(tenant: Tenant, from: string): Promise<{ changes: number }> {
  return { changes: (await tenant.follow("jobs", from)).rows.length };
}

test("live dispatchers work at their rate until they are stopped", async () => {
  const tenant = await aTenant();
  await tenant.admin("dispatcher", { rate: 200, seconds: null });
  await expect.poll(async () => (await tenant.admin("dispatcher"))["applied"]).toBeGreaterThan(10);
  const stopped = await tenant.admin("dispatcher", { rate: 0 });
  expect(stopped).toMatchObject({ rate: 0, postponed: 0 });
  expect((await tenant.admin("dispatcher"))["applied"]).toBe(stopped["applied"]);
});

test("lines are put on, changed and taken off by hand, and the job's total follows", async () => {
  const tenant = await aTenant();
  const money = (amount: string) => ({ amount, currency: "USD" });
  const row = {
    id: "900001",
    title: "by hand",
    status: "Pending",
    total: money("0.00"),
    line_items: [],
  };
  await tenant.admin("create", { entity: "job", row });
  const change = (what: object): Promise<Json> =>
    tenant.admin("change", { entity: "job", id: "900001", ...what });
  const added = await change({ add_line: { id: "77", kind: "part", total: money("10.10") } });
  expect(added["total"]).toEqual(money("10.10"));
  await change({ set_line: "77", set: { total: money("20.20") } });
  expect((await tenant.json("/jobs/900001"))["total"]).toBe("20.20");
  expect((await change({ remove_line: "77" }))["line_items"]).toEqual([]);
  expect(await change({ remove_line: "77" })).toMatchObject({ status: 404 });
  expect(await change({ move_to: "Assigned" })).toMatchObject({
    status: "Assigned",
    status_group: "scheduled",
  });
});
