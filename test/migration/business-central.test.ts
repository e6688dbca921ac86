import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { Decimal } from "decimal.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import type { Manifest } from "../../ops/migration/business-central/file-set.ts";
import type { Invoice, LineItem, Payment } from "../../pipeline/core/generated/records.ts";
import { sourceKey } from "../../pipeline/core/source-key.ts";
import { cutover } from "../cli/cutover.ts";
import { type Fold, fold } from "../source/fold.ts";
import { type PolledTenant, polledTenant } from "../source/polled-tenant.ts";
import { tenantEdits } from "../source/tenant-edits.ts";

const folder = mkdtempSync(join(tmpdir(), "cutover-export-"));
let tenant: PolledTenant;
let poller: { stop(): Promise<void> };

beforeAll(async () => {
  const args = ["--size", "40", "--seed", "9", "--quiet"];
  tenant = await polledTenant("business-central", { args });
  const { brokers, registry } = tenant.connection;
  writeFileSync(
    join(folder, "migration.yaml"),
    stringify({
      migration: tenant.migration,
      source: { profile: tenant.profilePath },
      destination: {
        ...{ kind: "salesforce", login_url: "https://crm.example" },
        ...{ client_id: "${NOBODY}", client_secret: "${NO_SECRET}" },
      },
      kafka: { brokers, registry },
      clickhouse: {},
      settings: {},
    }),
  );
});

afterAll(async () => {
  await poller.stop();
  await tenant.close();
  rmSync(folder, { recursive: true, force: true });
});

const { change, create, eventually } = tenantEdits(() => tenant);

type Row = Record<string, string>;

async function exported(name: string): Promise<{ manifest: Manifest; code: number | null }> {
  const to = ["--folder", join(folder, name), "--migration", folder, "--json"];
  const { code, stdout, stderr } = await cutover("export", "business-central", ...to);
  if (stdout === "") throw new Error(stderr);
  return { manifest: JSON.parse(stdout) as Manifest, code };
}

const bytes = (set: string, name: string): Buffer => readFileSync(join(folder, set, name));
const rowsOf = (set: string, name: string): Row[] =>
  parse<Row>(bytes(set, name), { columns: true, record_delimiter: "\r\n" });

/** Bills that belong into the set. */
const bills = (found: Fold): Invoice[] =>
  ([...found.alive("invoice").values()] as unknown as Invoice[]).filter(
    ({ voided_at }) => voided_at === null,
  );

function totals(amounts: readonly (string | undefined)[]): string {
  return amounts.reduce((sum, each) => sum.plus(each ?? 0), new Decimal(0)).toFixed(2);
}

test("a set of a source that has not been read to its end says so, and so does the exit code", async () => {
  const { manifest, code } = await exported("early");
  expect([manifest.complete, code]).toEqual([false, 3]);
  poller = tenant.poll();
  await tenant.said("snapshot_end", tenant.profile().streams.length);
  expect((await exported("whole")).code).toBe(0);
});

test("every bill, line and payment is in the set once, with its amounts to the cent, and whom they name", async () => {
  const found = await fold(tenant);
  const { manifest } = await exported("set");
  const headers = rowsOf("set", "sales-invoice-headers.csv");
  const lines = rowsOf("set", "sales-invoice-lines.csv");
  expect(headers.map((row) => row["No."]).sort()).toEqual(
    bills(found)
      .map(({ id }) => sourceKey("invoice", id))
      .sort(),
  );
  const totalsBy = new Map(headers.map((row) => [row["No."], row["Amount Including Tax"]]));
  for (const { id, total } of bills(found)) {
    expect(totalsBy.get(sourceKey("invoice", id))).toBe(total?.amount ?? "");
  }
  const inSet = new Set(bills(found).map(({ id }) => id));
  const expected = ([...found.alive("line_item").values()] as unknown as LineItem[]).filter(
    ({ invoice_id }) => invoice_id !== null && inSet.has(invoice_id),
  );
  expect(lines.length).toBe(expected.length);
  expect(expected.length).toBeGreaterThan(0);
  expect(totals(lines.map((row) => row["Line Amount"] || "0"))).toBe(
    totals(expected.map(({ total }) => total?.amount)),
  );
  const paid = ([...found.alive("payment").values()] as unknown as Payment[]).filter(
    ({ status }) => status !== "pending" && status !== "failed",
  );
  const receipts = Map.groupBy(
    rowsOf("set", "cash-receipt-journal.csv"),
    (row) => row["Document No."],
  );
  expect([...receipts.keys()].sort()).toEqual(
    paid.map(({ id }) => sourceKey("payment", id)).sort(),
  );
  for (const payment of paid.filter(({ refund_of }) => refund_of === null)) {
    const rows = receipts.get(sourceKey("payment", payment.id)) ?? [];
    expect(totals(rows.map((row) => row["Amount"] || "0"))).toBe(totals([payment.amount?.amount]));
  }
  const named = [...headers.map((row) => row["Sell-to Customer No."])];
  const customers = new Set(rowsOf("set", "customers.csv").map((row) => row["No."]));
  const findings = rowsOf("set", "findings.csv");
  const lost = new Set(
    findings.filter((row) => row["File"] === "customers.csv").map((row) => row["No."]),
  );
  for (const no of named) expect(no === "" || customers.has(no) || lost.has(no)).toBe(true);
  const sum = manifest.files.find(({ name }) => name === "sales-invoice-headers.csv")?.sums;
  const usd = bills(found).filter(({ currency }) => currency === "USD");
  expect(totals([sum?.["Amount Including Tax"]?.["USD"]])).toBe(
    totals(usd.map(({ total }) => total?.amount)),
  );
});

test("the manifest holds for every file, and the same topics give the same bytes", async () => {
  const { manifest } = await exported("again");
  expect(manifest).toEqual((await exported("once-more")).manifest);
  expect(JSON.parse(String(bytes("again", "manifest.json")))).toEqual(manifest);
  expect(manifest.files.map(({ name }) => name)).toEqual([
    ...["customers.csv", "sales-invoice-headers.csv", "sales-invoice-lines.csv"],
    ...["cash-receipt-journal.csv", "findings.csv"],
  ]);
  for (const { name, rows, sha256, bytes: size } of manifest.files) {
    const content = bytes("again", name);
    expect(createHash("sha256").update(content).digest("hex")).toBe(sha256);
    expect(content.length).toBe(size);
    expect(rowsOf("again", name)).toHaveLength(rows);
  }
});

test("what is deleted, void or never paid stays out and is counted; hostile text is quoted; what is left of a payment is an entry of its own", async () => {
  const money = (amount: string) => ({ amount, currency: "USD" });
  await create("customer", { id: "9001", name: 'Quote " comma, and\r\nline', kind: "other" });
  await create("job", { id: "9001", customer_id: "9001", title: "Billed" });
  const bill = { job_id: "9001", customer_id: "9001", total: money("100.00"), currency: "USD" };
  const applied = (amount: string) => [{ invoice_id: "9001", amount: money(amount) }];
  await create("invoice", { ...bill, id: "9001", issued_on: "2026-03-01" });
  await create("invoice", { ...bill, id: "9002", voided_at: "2026-03-02T00:00:00.000Z" });
  await create("invoice", { ...bill, id: "9003" });
  const payment = { customer_id: "9001", amount: money("100.00"), status: "succeeded" };
  const received_at = "2026-03-02T02:30:00.000Z";
  await create("payment", { ...payment, id: "9001", applications: applied("60.10"), received_at });
  await create("payment", { ...payment, id: "9002", status: "failed", applications: [] });
  await change("invoice", "9003", { delete: true });
  await eventually(
    (now) =>
      now.alive("payment").has("9002") && now.newest("invoice", "9003")?.meta.deleted === true,
  );
  const { manifest } = await exported("edited");
  expect(manifest.left_out).toMatchObject({
    "invoices: voided": expect.any(Number),
    "invoices: deleted": expect.any(Number),
    "payments: failed": expect.any(Number),
  });
  const headers = rowsOf("edited", "sales-invoice-headers.csv");
  expect(headers.filter((row) => row["Sell-to Customer No."] === "customer-9001")).toMatchObject([
    { "No.": "invoice-9001", "Document Type": "Invoice", "Posting Date": "2026-03-01" },
  ]);
  const customers = rowsOf("edited", "customers.csv");
  expect(customers.find((row) => row["No."] === "customer-9001")?.["Name"]).toBe(
    'Quote " comma, and\r\nline',
  );
  const entries = rowsOf("edited", "cash-receipt-journal.csv");
  expect(entries.filter((row) => row["Document No."] === "payment-9001")).toMatchObject([
    { Amount: "60.10", "Applies-to Doc. No.": "invoice-9001", "Posting Date": "2026-03-01" },
    { Amount: "39.90", "Applies-to Doc. No.": "", "Line No.": "20000" },
  ]);
  expect(entries.some((row) => row["Document No."] === "payment-9002")).toBe(false);
});
