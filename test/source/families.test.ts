import { afterAll, beforeAll, expect, test } from "vitest";
import { fold } from "./fold.ts";
import { type PolledTenant, polledTenant } from "./polled-tenant.ts";
import { tenantEdits, value } from "./tenant-edits.ts";

let tenant: PolledTenant;
let poller: { stop(): Promise<void> };
const { change, create, eventually } = tenantEdits(() => tenant);
const usd = (amount: string) => ({ amount, currency: "USD" });

beforeAll(async () => {
  const args = ["--size", "4", "--seed", "6", "--quiet", "--no-property-definitions"];
  tenant = await polledTenant("families", { args });
  poller = tenant.poll();
  await tenant.said("snapshot_end", tenant.profile().streams.length);
});

afterAll(async () => {
  await poller.stop();
  await tenant.close();
});

function payment(id: string, applied: Readonly<Record<string, string>>, more: object = {}) {
  const applications = Object.entries(applied).map(([invoice_id, amount]) => ({
    ...{ invoice_id, amount: usd(amount), at: null },
  }));
  return create("payment", {
    ...{ id, applications, status: "succeeded", amount: usd("1"), refund_of: null, ...more },
  });
}

test("a tenant without definitions of its properties has none, and its snapshot ends all the same", async () => {
  expect((await fold(tenant)).alive("custom_property_def").size).toBe(0);
});

test("an invoice carries what its lines and payments sum up to, and so does its job, whoever changes", async () => {
  const line = { id: "8001", position: 1, kind: "labor", total: usd("12.5"), invoice_id: "8001" };
  const lines = [line, { ...line, id: "8002", total: usd("0.125") }];
  await create("job", { id: "8001", title: "Billed", status: "Completed", line_items: lines });
  for (const id of ["8001", "8002"]) {
    await create("invoice", { id, job_id: "8001", status: "open", total: usd("10.00") });
  }
  await payment("8001", { "8001": "7.00" });
  await payment("8002", { "8001": "2.00", "8002": "3.00" });
  await payment("8003", { "8001": "-1.50" }, { refund_of: "8001" });
  await payment("8004", { "8001": "99.00" }, { status: "failed" });
  const found = await eventually((now) => value(now, "invoice", "8001", "payments_count") === 4);
  expect(found.newest("invoice", "8001")).toMatchObject({
    ...{ job_status: "Completed", lines_count: 2, lines_total: "12.625", payments_total: "7.50" },
  });
  expect(found.newest("invoice", "8002")).toMatchObject({ lines_total: null, lines_count: 0 });
  expect(value(found, "payment", "8001", "invoice_id")).toBe("8001");
  expect(value(found, "payment", "8002", "invoice_id")).toBeNull();
  const ofJob = (now: typeof found) => value(now, "job", "8001", "invoices") as object[];
  await eventually((now) => JSON.stringify(ofJob(now)).includes('"payments_total":"7.50"'));
  await change("job", "8001", { set: { status: "Cancelled" } });
  await change("job", "8001", { remove_line: "8002" });
  await change("payment", "8001", { delete: true });
  const later = await eventually((now) => value(now, "invoice", "8001", "payments_count") === 3);
  expect(later.newest("invoice", "8001")).toMatchObject({
    ...{ job_status: "Cancelled", lines_total: "12.5", payments_total: "0.50" },
  });
  expect(ofJob(later)).toMatchObject([
    { id: "8001", lines_total: "12.5", payments_total: "0.50", total: "10.00" },
    { id: "8002", payments_total: "3.00" },
  ]);
});

test("what hangs on a job goes with it and comes back, down to the payment of its bill, its sums up to date", async () => {
  await create("job", { id: "8101", title: "Parent" });
  await create("invoice", { id: "8101", job_id: "8101", status: "open", total: usd("1.00") });
  await payment("8101", { "8101": "1.00" });
  const note = { parent_type: "job", parent_id: "8101", body: "x", format: "text" };
  await create("note", { id: "8101", job_id: "8101", ...note });
  await eventually((now) => now.alive("payment").has("8101") && now.alive("note").has("8101"));
  await change("job", "8101", { delete: true, leave_children: true });
  const dead = await eventually((now) => now.newest("payment", "8101")?.meta.deleted === true);
  for (const entity of ["invoice", "note", "payment"] as const) {
    expect(dead.newest(entity, "8101")?.meta.delete_reason).toBe("with_parent");
  }
  await payment("8102", { "8101": "2.00" });
  await change("job", "8101", { revive: true });
  const back = await eventually((now) => value(now, "invoice", "8101", "payments_count") === 2);
  expect(back.alive("payment").has("8101") && back.alive("note").has("8101")).toBe(true);
  expect(value(back, "invoice", "8101", "payments_total")).toBe("3.00");
});

test("a payment of several invoices lives on when one of them goes", async () => {
  for (const id of ["8401", "8402"]) {
    await create("job", { id, title: "Paid together" });
    await create("invoice", { id, job_id: id, status: "open", total: usd("1.00") });
  }
  await payment("8401", { "8401": "1.00", "8402": "2.00" });
  await eventually((now) => value(now, "invoice", "8401", "payments_count") === 1);
  await change("job", "8401", { hard_delete: true });
  const found = await eventually((now) => now.newest("invoice", "8401")?.meta.deleted === true);
  const versions = found.versions.get("payment")?.get("8401") ?? [];
  expect(versions.filter(({ meta }) => meta.deleted)).toEqual([]);
});

test("a line that moves to another job is counted there and no more where it was, whichever is read first", async () => {
  const line = { id: "8301", position: 1, kind: "part", total: usd("1.00"), invoice_id: "8301" };
  await create("job", { id: "8301", title: "From", line_items: [line] });
  await create("invoice", { id: "8301", job_id: "8301", status: "open" });
  await eventually((now) => value(now, "invoice", "8301", "lines_count") === 1);
  // The new place is read first, the old one while the line lives there already.
  await create("job", { id: "8302", title: "To", line_items: [{ ...line, invoice_id: null }] });
  await change("job", "8301", { set: { line_items: [] } });
  const found = await eventually((now) => value(now, "job", "8301", "line_items_count") === 0);
  await eventually((now) => value(now, "job", "8302", "line_items_count") === 1);
  expect(found.newest("invoice", "8301")).toMatchObject({ lines_count: 0, lines_total: null });
  // And back again, the old place first.
  await change("job", "8302", { set: { line_items: [] } });
  await change("job", "8301", { set: { line_items: [line] } });
  const back = await eventually((now) => value(now, "job", "8301", "line_items_count") === 1);
  expect(back.newest("line_item", "8301")).toMatchObject({
    job_id: "8301",
    meta: { deleted: false },
  });
  expect(value(back, "job", "8302", "line_items_count")).toBe(0);
});

test("a link follows its contact and its customers, and is gone when its list no longer has it", async () => {
  for (const id of ["8201", "8202", "8203"]) await create("customer", { id, name: id });
  const link = { id: "8201", customer_id: "8202", role: "billing", is_primary: false };
  const contact = { id: "8201", customer_id: "8201", last_name: "Linked" };
  await create("contact", { ...contact, links: [link, { ...link, id: "8202" }] });
  await eventually((now) => now.alive("contact_link").has("8202"));
  await change("customer", "8201", { merge_into: "8203" });
  await change("contact", "8201", { set: { last_name: "Renamed", links: [link] } });
  const found = await eventually(
    (now) =>
      value(now, "contact_link", "8201", "contact_customer_id") === "8203" &&
      now.newest("contact_link", "8202")?.meta.delete_reason === "vanished",
  );
  expect(found.newest("contact_link", "8201")).toMatchObject({
    ...{ contact_id: "8201", customer_id: "8202", last_name: "Renamed" },
  });
  await change("customer", "8201", { revive: true });
  await eventually((now) => value(now, "contact_link", "8201", "contact_customer_id") === "8201");
  await change("contact", "8201", { delete: true });
  await eventually((now) => now.newest("contact_link", "8201")?.meta.deleted === true);
});

test("a file stands in its record by its hash, also when its address had expired, and anew when its bytes change", async () => {
  const before = await fold(tenant);
  const [id] = [...before.alive("attachment")].find(([, { file }]) => file !== null) ?? [""];
  const hash = (now: typeof before) =>
    (value(now, "attachment", id, "file") as { sha256: string }).sha256;
  await tenant.call("POST", "settings", { url_life_ms: 0 });
  await change("attachment", id, { new_bytes: true });
  const refused = await eventually((now) => value(now, "attachment", id, "file") === null);
  expect(value(refused, "attachment", id, "file_problem")).toBe("refused");
  await tenant.call("POST", "settings", { url_life_ms: 900_000 });
  await change("attachment", id, { new_bytes: true });
  const found = await eventually((now) => value(now, "attachment", id, "file") !== null);
  const truth = await tenant.call<string>("GET", "truth/attachment?full=1");
  const line = truth.split("\n").find((each) => each.includes(`"id":"${id}"`)) ?? "";
  expect(hash(found)).toBe((JSON.parse(line) as { row: { sha256: string } }).row.sha256);
  expect(hash(found)).not.toBe(hash(before));
});
