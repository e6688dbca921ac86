import type {
  Customer,
  Invoice,
  LineItem,
  Payment,
} from "../../../pipeline/core/generated/records.ts";
import { sourceKey } from "../../../pipeline/core/source-key.ts";
import { invoiceFindings, paymentFindings } from "../../../pipeline/mapping/rules/findings.ts";
import type { KafkaConnection } from "../../../pipeline/kafka/connection.ts";
import { followControl } from "../../../pipeline/kafka/control.ts";
import { FileSet, type Manifest } from "./file-set.ts";
import { type NewestRecords, withNewestRecords } from "./newest-records.ts";
import { customerRow, headerRow, lineRow, receipts } from "./rows.ts";

/** What is exported, and where to. */
export interface BusinessCentralExport {
  readonly connection: KafkaConnection;
  readonly migration: string;
  readonly folder: string;
  /** IANA name: a payment is posted on its day there. */
  readonly timezone: string;
}

/** Payments of which no money came. */
const unpaid: readonly (string | null)[] = ["pending", "failed"];
const roots = ["customer", "invoice", "payment", "job"] as const;
const read = ["customer", "invoice", "line_item", "payment"] as const;

/**
 * Writes the bills and payments as they stand in the source topics now, with the customers they
 * name: the file set of phase two, the same bytes for the same topics.
 */
export function exportBusinessCentral(options: BusinessCentralExport): Promise<Manifest> {
  const { connection, migration, folder, timezone } = options;
  return withNewestRecords(connection, migration, read, async (records) => {
    records.db.exec(`CREATE TABLE line (invoice TEXT, position INT, id TEXT, PRIMARY KEY (invoice, position, id)) WITHOUT ROWID;
      CREATE TABLE bill (id TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE named (customer TEXT PRIMARY KEY, known INT DEFAULT 0) WITHOUT ROWID;`);
    const files = new FileSet(folder);
    await sortLines(records, files);
    const pending = await writeInvoices(records, files);
    await writePayments(records, files, dayIn(timezone));
    await writeCustomers(records, files);
    const complete = pending === 0 && (await allRead(connection, migration));
    return files.end({ migration, complete });
  });
}

/** Whether the source has been read to its end once, as far as the files are about it. */
async function allRead(connection: KafkaConnection, migration: string): Promise<boolean> {
  const control = await followControl(connection, migration);
  try {
    await control.catchUp();
    const ended = [...control.state.all("snapshot_end").values()].map(({ entity }) => entity);
    return roots.every((entity) => ended.includes(entity));
  } finally {
    await control.close();
  }
}

/** Lines by the bill they name, in their order. */
async function sortLines(records: NewestRecords, files: FileSet): Promise<void> {
  const put = records.db.prepare("INSERT INTO line VALUES (?, ?, ?)");
  for await (const { id, invoice_id, position, meta } of records.of<LineItem>("line_item")) {
    if (meta.deleted) files.leaveOut("lines: deleted");
    else if (invoice_id === null) files.leaveOut("lines: on no invoice");
    else put.run(invoice_id, position ?? 0, id);
  }
}

/** Heads and lines; returns how many bills are not known whole yet. */
async function writeInvoices(records: NewestRecords, files: FileSet): Promise<number> {
  const bill = records.db.prepare("INSERT INTO bill VALUES (?)");
  let pending = 0;
  for await (const invoice of records.of<Invoice>("invoice")) {
    const reason = leftOut(invoice);
    if (reason !== undefined) {
      files.leaveOut(`invoices: ${reason}`);
      continue;
    }
    if (invoice.meta.members === "pending") pending += 1;
    const header = headerRow(invoice);
    await files.row("sales-invoice-headers.csv", header);
    bill.run(invoice.id);
    name(records, invoice.customer_id);
    await writeLines(records, files, invoice);
    const no = String(header["No."]);
    const file = "sales-invoice-headers.csv";
    if (invoice.customer_id === null) await files.finding(file, no, "It names no customer.");
    for (const finding of invoiceFindings(invoice)) await files.finding(file, no, finding);
  }
  const lost = records.db.prepare(
    "SELECT count(*) AS n FROM line WHERE invoice NOT IN (SELECT id FROM bill)",
  );
  const without = Number(lost.get()?.["n"]);
  for (let n = 0; n < without; n++) files.leaveOut("lines: on an invoice that is left out");
  return pending;
}

function leftOut({ meta, voided_at }: Invoice): string | undefined {
  if (meta.deleted) return "deleted";
  return voided_at === null ? undefined : "voided";
}

async function writeLines(records: NewestRecords, files: FileSet, invoice: Invoice): Promise<void> {
  const lines = records.db.prepare("SELECT id FROM line WHERE invoice = ? ORDER BY position, id");
  let n = 0;
  for (const { id } of lines.all(invoice.id)) {
    const line = await records.one<LineItem>("line_item", String(id));
    if (line !== undefined) await files.row("sales-invoice-lines.csv", lineRow(invoice, line, ++n));
  }
}

async function writePayments(
  records: NewestRecords,
  files: FileSet,
  day: (ms: number) => string,
): Promise<void> {
  const file = "cash-receipt-journal.csv";
  const bill = records.db.prepare("SELECT 1 FROM bill WHERE id = ?");
  for await (const payment of records.of<Payment>("payment")) {
    const { id, status, customer_id, applications, meta } = payment;
    if (meta.deleted || unpaid.includes(status)) {
      files.leaveOut(`payments: ${meta.deleted ? "deleted" : String(status)}`);
      continue;
    }
    const no = sourceKey("payment", id);
    for (const { row } of receipts(payment, day)) await files.row(file, row);
    name(records, customer_id);
    if (customer_id === null) await files.finding(file, no, "It names no customer.");
    for (const { invoice_id } of applications) {
      if (bill.get(invoice_id) !== undefined) continue;
      const finding = `It pays ${sourceKey("invoice", invoice_id)}, which is not in the set.`;
      await files.finding(file, no, finding);
    }
    for (const finding of paymentFindings(payment)) await files.finding(file, no, finding);
  }
}

function name({ db }: NewestRecords, customer: string | null): void {
  if (customer === null) return;
  db.prepare("INSERT OR IGNORE INTO named (customer) VALUES (?)").run(customer);
}

/** The customers that bills and payments name; others have no business in phase two. */
async function writeCustomers(records: NewestRecords, files: FileSet): Promise<void> {
  const named = records.db.prepare("UPDATE named SET known = 1 WHERE customer = ?");
  for await (const customer of records.of<Customer>("customer")) {
    if (Number(named.run(customer.id).changes) > 0) {
      await files.row("customers.csv", customerRow(customer));
    } else files.leaveOut("customers: on no invoice or payment");
  }
  const missing = records.db.prepare(
    "SELECT customer FROM named WHERE known = 0 ORDER BY customer",
  );
  for (const { customer } of missing.all()) {
    const no = sourceKey("customer", String(customer));
    await files.finding("customers.csv", no, "It is named and was never seen.");
  }
}

/** The day of a moment, as the tenant's calendar has it. */
function dayIn(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, calendar: "iso8601", year: "numeric", month: "2-digit", day: "2-digit" },
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    return `${parts.get("year")?.padStart(4, "0")}-${parts.get("month")}-${parts.get("day")}`;
  };
}
