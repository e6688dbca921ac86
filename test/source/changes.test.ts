import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fold, fold, type Written } from "./fold.ts";
import { type PolledTenant, polledTenant } from "./polled-tenant.ts";
import { tenantEdits, value } from "./tenant-edits.ts";

let tenant: PolledTenant;
let poller: { stop(): Promise<void> };

beforeAll(async () => {
  tenant = await polledTenant("changes", { args: ["--size", "12", "--seed", "5", "--quiet"] });
  poller = tenant.poll();
  await tenant.said("snapshot_end", tenant.profile().streams.length);
});

afterAll(async () => {
  await poller.stop();
  await tenant.close();
});

const { change, create, eventually } = tenantEdits(() => tenant);

function aJobWithLine(found: Fold): { job: string; line: string } {
  const line = found.alive("line_item").values().next().value as Written;
  return { job: String(line["job_id"]), line: line.id };
}

test("a value that goes from A to B and back to A is two changes", async () => {
  const { job } = aJobWithLine(await fold(tenant));
  for (const urgency of ["A", "B", "A"]) {
    await change("job", job, { set: { urgency } });
    await eventually((found) => value(found, "job", job, "urgency") === urgency);
  }
  const versions = (await fold(tenant)).versions.get("job")?.get(job) ?? [];
  expect(versions.slice(-3).map((version) => version["urgency"])).toEqual(["A", "B", "A"]);
});

test("a line taken off a job is deleted with its last body, and its job counts one less", async () => {
  const before = await fold(tenant);
  const { job, line } = aJobWithLine(before);
  await change("job", job, { remove_line: line });
  const found = await eventually((now) => now.newest("line_item", line)?.meta.deleted === true);
  expect(found.newest("line_item", line)).toMatchObject({
    description: value(before, "line_item", line, "description"),
    meta: { delete_reason: "vanished" },
  });
  const count = value(before, "job", job, "line_items_count") as number;
  expect(value(found, "job", job, "line_items_count")).toBe(count - 1);
});

test("a job deleted without a trace goes with what it owns, and comes back with it", async () => {
  const { job, line } = aJobWithLine(await fold(tenant));
  await change("job", job, { hard_delete: true });
  const gone = await eventually((now) => now.newest("job", job)?.meta.deleted === true);
  expect(gone.newest("job", job)?.meta.delete_reason).toBe("census");
  expect(gone.newest("line_item", line)?.meta.delete_reason).toBe("with_parent");
  await change("job", job, { revive: true });
  const back = await eventually((now) => now.alive("job").has(job));
  expect(back.alive("line_item").has(line)).toBe(true);
});

test("whoever names a merged customer names the winner from then on, chains included, and its own again when it is revived", async () => {
  const customer = { name: "Merged", kind: "commercial" };
  for (const id of ["7001", "7002", "7003"]) await create("customer", { ...customer, id });
  await create("contact", { id: "7001", customer_id: "7001", last_name: "Moved" });
  await create("service_location", { id: "7001", customer_id: "7001", kind: "service" });
  await create("job", { id: "7001", customer_id: "7001", location_id: "7001", title: "Moved" });
  await eventually((now) => now.newest("job", "7001")?.["location"] !== undefined);
  await change("customer", "7001", { merge_into: "7002" });
  await eventually((now) => value(now, "contact", "7001", "customer_id") === "7002");
  await change("customer", "7002", { merge_into: "7003" });
  const merged = await eventually((now) => value(now, "job", "7001", "customer_id") === "7003");
  expect(merged.newest("customer", "7001")?.meta).toMatchObject({
    deleted: true,
    delete_reason: "merge",
    merged_into: "7002",
  });
  for (const entity of ["contact", "service_location"] as const) {
    expect(merged.alive(entity).get("7001")?.["customer_id"]).toBe("7003");
  }
  expect(merged.newest("customer", "7003")).toMatchObject({ locations: [{ id: "7001" }] });
  expect(JSON.parse(String(merged.newest("contact", "7001")?.["raw"]))["customerId"]).toBe(7001);
  await change("customer", "7001", { revive: true });
  const freed = await eventually((now) => value(now, "job", "7001", "customer_id") === "7001");
  expect(value(freed, "contact", "7001", "customer_id")).toBe("7001");
  expect(freed.newest("customer", "7001")).toMatchObject({ locations: [{ id: "7001" }] });
  expect(freed.newest("customer", "7003")).toMatchObject({ locations: [] });
});

test("a deleted customer takes its contacts along; one that moves to a living customer lives again", async () => {
  for (const id of ["7101", "7102"]) await create("customer", { id, name: id, kind: "other" });
  await create("contact", { id: "7101", customer_id: "7101", last_name: "Stays" });
  await create("contact", { id: "7102", customer_id: "7101", last_name: "Moves" });
  await eventually((now) => now.alive("contact").has("7102"));
  await change("customer", "7101", { delete: true });
  const dead = await eventually((now) => now.newest("contact", "7101")?.meta.deleted === true);
  expect(dead.newest("contact", "7102")?.meta.delete_reason).toBe("with_parent");
  await change("contact", "7102", { set: { customer_id: "7102" } });
  await eventually((now) => now.alive("contact").has("7102"));
  await change("customer", "7101", { revive: true });
  await eventually((now) => now.alive("contact").has("7101"));
});

test("a row that holds no text is rejected with its bytes and facts, its neighbours go on, and a good version ends it", async () => {
  const lines = [
    { id: "7201", position: 1, kind: "labor", description: "fine" },
    { id: "7202", position: 2, kind: "labor", description: "cut \ud83d off" },
  ];
  await create("job", { id: "7201", title: "NUL \u0000 here", line_items: lines });
  await create("job", { id: "7202", title: "Neighbour" });
  const found = await eventually((now) => now.alive("job").has("7202"));
  expect(found.newest("job", "7201")).toBeUndefined();
  expect(found.alive("line_item").has("7201")).toBe(true);
  expect(found.rejected.get("job|7201")).toMatchObject({
    "cutover.error.code": "TEXT_NOT_ENCODABLE",
    "cutover.field": "title",
    "cutover.stage": "poll",
    "cutover.source.id": "7201",
  });
  expect(found.rejected.get("line_item|7202")?.["cutover.field"]).toBe("description");
  await change("job", "7201", { set: { title: "Good" } });
  await eventually((now) => value(now, "job", "7201", "title") === "Good");
});

test("an id beyond 2^53 arrives digit by digit, also where others name it", async () => {
  const id = "9223372036854775807";
  await create("customer", { id, name: "Big", kind: "other" });
  await create("job", { id, customer_id: id, title: "Big" });
  const found = await eventually((now) => now.alive("job").has(id));
  expect(found.newest("job", id)?.["customer_id"]).toBe(id);
});
