import { afterAll, beforeAll, expect, test } from "vitest";
import type { LineItem } from "../../pipeline/core/generated/records.ts";
import { mergedLines } from "../../pipeline/source/merged-lines.ts";
import { doubles, type Fold, fold, type Written } from "./fold.ts";
import { type PolledTenant, polledTenant } from "./polled-tenant.ts";
import { tenantEdits, value } from "./tenant-edits.ts";
import { wrongMembers } from "./truth.ts";

const derive = { work: true, mergedLines: true, visits: true, zones: true };
const closed = ["Completed", "Cancelled"];

let tenant: PolledTenant;
let poller: { stop(): Promise<void> };

beforeAll(async () => {
  tenant = await polledTenant("derived", { args: ["--size", "30", "--seed", "11", "--quiet"] });
  poller = tenant.poll(tenant.profile(), derive);
  await tenant.said("snapshot_end", tenant.profile().streams.length);
});

afterAll(async () => {
  await poller.stop();
  await tenant.close();
});

const { change, create, eventually } = tenantEdits(() => tenant);

/** Where what was derived is not what the records it was derived from say. */
function wrong(found: Fold, statuses: readonly string[] = closed): string[] {
  const jobs = Map.groupBy(found.alive("job").values(), (job) => job["customer_id"]);
  const lines = Map.groupBy(found.alive("line_item").values(), (line) => line["job_id"]);
  const merged = Map.groupBy(found.alive("merged_line").values(), (line) => line["job_id"]);
  const faults: string[] = [];
  for (const [id, customer] of found.alive("customer")) {
    const all = jobs.get(id) ?? [];
    const done = all.filter((job) => statuses.includes(String(job["status"]))).length;
    const counts = [customer["work_open"], customer["work_closed"]].join();
    if (counts !== [all.length - done, done].join()) faults.push(`customer ${id}: ${counts}`);
  }
  const visits = Map.groupBy(found.alive("appointment").values(), (visit) => visit["job_id"]);
  for (const [id, job] of found.alive("job")) {
    if (job["appointments_count"] !== (visits.get(id)?.length ?? 0)) faults.push(`visits of ${id}`);
    const zone = found.newest("zone", String(job["zone_id"]));
    if (job["zone_name"] !== (zone?.["name"] ?? null)) faults.push(`zone of ${id}`);
    const expected = mergedLines(id, (lines.get(id) ?? []) as unknown as LineItem[]);
    const there = new Map<string, Record<string, unknown>>(
      (merged.get(id) ?? []).map((line) => [line.id, line] as const),
    );
    if (there.size !== expected.length) faults.push(`job ${id}: ${there.size} merged lines`);
    for (const line of expected) {
      const one = there.get(line.id);
      const said = JSON.stringify([one?.["quantity"], one?.["total"], one?.["line_ids"]]);
      if (said !== JSON.stringify([line.quantity, line.total, line.line_ids]))
        faults.push(`merged line ${line.id}: ${said}`);
    }
  }
  return faults;
}

const work = (found: Fold, id: string) => [
  value(found, "customer", id, "work_open"),
  value(found, "customer", id, "work_closed"),
];

test("after the snapshot every customer knows its work, and every job's equal lines are one", async () => {
  const found = await fold(tenant);
  expect(wrong(found)).toEqual([]);
  expect(wrongMembers(found)).toEqual([]);
  expect(found.alive("customer").size).toBeGreaterThan(0);
  expect(found.alive("merged_line").size).toBeGreaterThan(0);
});

test("a job that opens, closes, moves, dies or lives again is counted where it belongs, each time once", async () => {
  for (const id of ["8001", "8002"]) await create("customer", { id, name: id, kind: "other" });
  await eventually((now) => now.alive("customer").has("8002"));
  await create("job", { id: "8001", customer_id: "8001", title: "Counted", status: "Pending" });
  await eventually((now) => work(now, "8001").join() === "1,0");
  const before = await fold(tenant);
  await change("job", "8001", { set: { title: "Another title" } });
  await eventually((now) => value(now, "job", "8001", "title") === "Another title");
  await change("job", "8001", { set: { status: "A word nobody listed" } });
  await eventually((now) => value(now, "job", "8001", "status") === "A word nobody listed");
  await change("job", "8001", { set: { status: "Completed" } });
  const done = await eventually((now) => work(now, "8001").join() === "0,1");
  const versions = (of: Fold) => of.versions.get("customer")?.get("8001")?.length ?? 0;
  expect(versions(done)).toBe(versions(before) + 1);
  await change("job", "8001", { set: { customer_id: "8002" } });
  await eventually(
    (now) => work(now, "8001").join() === "0,0" && work(now, "8002").join() === "0,1",
  );
  await change("job", "8001", { delete: true });
  await eventually((now) => work(now, "8002").join() === "0,0");
  await change("job", "8001", { revive: true });
  await eventually((now) => work(now, "8002").join() === "0,1");
});

test("a merged customer's work is the winner's, and its own again when the merge is undone", async () => {
  for (const id of ["8101", "8102"]) await create("customer", { id, name: id, kind: "other" });
  for (const id of ["8101", "8102"]) {
    await create("job", { id, customer_id: id, title: id, status: "Pending" });
  }
  await eventually(
    (now) => work(now, "8101").join() === "1,0" && work(now, "8102").join() === "1,0",
  );
  await change("customer", "8101", { merge_into: "8102" });
  await eventually((now) => work(now, "8102").join() === "2,0");
  await change("customer", "8101", { revive: true });
  await eventually(
    (now) => work(now, "8102").join() === "1,0" && work(now, "8101").join() === "1,0",
  );
});

test("a job's visits and the name of its zone follow what they are made of", async () => {
  await create("zone", { id: "8301", name: "North" });
  await eventually((now) => now.alive("zone").has("8301"));
  await create("job", { id: "8301", title: "Visited", zone_id: "8301" });
  await eventually((now) => value(now, "job", "8301", "zone_name") === "North");
  const visit = { job_id: "8301", status: "Scheduled", technician_ids: ["1"] };
  await create("appointment", { ...visit, id: "8302", starts_at: "2026-03-02T09:00:00.000Z" });
  await create("appointment", { ...visit, id: "8303", starts_at: "2026-03-01T09:00:00.000Z" });
  const two = await eventually((now) => value(now, "job", "8301", "appointments_count") === 2);
  expect(value(two, "job", "8301", "appointments")).toMatchObject([
    { id: "8303", starts_at: Date.UTC(2026, 2, 1, 9), technician_ids: ["1"], status: "Scheduled" },
    { id: "8302" },
  ]);
  await change("zone", "8301", { set: { name: "North East" } });
  await eventually((now) => value(now, "job", "8301", "zone_name") === "North East");
  await change("appointment", "8303", { delete: true });
  await eventually((now) => value(now, "job", "8301", "appointments_count") === 1);
});

test("merged lines follow their lines: one more is added up, one taken off is taken off, the last one takes the row along", async () => {
  const line = {
    kind: "part",
    description: "Valve",
    unit: "pc",
    unit_price: { amount: "2.50", currency: "USD" },
  };
  const of = (id: string, quantity: string, amount: string) => ({
    ...{ ...line, id, quantity, position: Number(id) - 8200, total: { amount, currency: "USD" } },
  });
  const lines = [of("8201", "1", "2.50"), of("8202", "2.5", "6.25")];
  await create("job", { id: "8201", title: "Merging", line_items: lines });
  const merged = (now: Fold): Written[] =>
    [...now.alive("merged_line").values()].filter((each) => each["job_id"] === "8201");
  const two = await eventually((now) => merged(now)[0]?.["quantity"] === "3.5");
  expect(merged(two)).toMatchObject([{ total: { amount: "8.75" }, lines_count: 2 }]);
  await change("job", "8201", { remove_line: "8201" });
  const one = await eventually((now) => merged(now)[0]?.["quantity"] === "2.5");
  expect(merged(one)[0]?.id).toBe(merged(two)[0]?.id);
  await change("job", "8201", { delete: true });
  const gone = await eventually((now) => merged(now).length === 0);
  expect(gone.newest("merged_line", merged(two)[0]?.id ?? "")?.meta.delete_reason).toBe(
    "with_parent",
  );
  await change("job", "8201", { revive: true });
  await eventually((now) => merged(now).length === 1);
  await change("job", "8201", { remove_line: "8202" });
  const none = await eventually((now) => merged(now).length === 0);
  expect(none.newest("merged_line", merged(two)[0]?.id ?? "")?.meta.delete_reason).toBe("vanished");
});

test("other words for closed count every customer anew, after a poller that asked for nothing none is counted, and nothing is said twice", async () => {
  await tenant.call("POST", "tick", { changes: 200 });
  await poller.stop();
  const profile = tenant.profile();
  const others = ["Completed"];
  const streams = profile.streams.map((stream) =>
    stream.entity === "customer" ? { ...stream, work: { closed: others } } : stream,
  );
  poller = tenant.poll({ ...profile, streams }, derive);
  await eventually((now) => wrong(now, others).length === 0);
  await poller.stop();
  poller = tenant.poll();
  await eventually((now) =>
    [...now.alive("customer").values()].every((customer) => customer["work_open"] === null),
  );
  await eventually((now) =>
    [...now.alive("job").values()].every((job) => job["appointments_count"] === 0),
  );
  await poller.stop();
  poller = tenant.poll(profile, derive);
  await eventually((now) => wrong(now).length === 0);
  await tenant.finish();
  const found = await fold(tenant);
  expect(wrong(found)).toEqual([]);
  expect(wrongMembers(found)).toEqual([]);
  expect(doubles(found)).toEqual([]);
});
