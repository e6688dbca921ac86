import {
  ownerOf,
  references,
  type SourceEntity,
  sourceEntities,
} from "../../pipeline/core/source-record.ts";
import type { Fold, Written } from "./fold.ts";
import type { PolledTenant } from "./polled-tenant.ts";

type Row = Record<string, unknown> & { readonly id: string };

/** What the poller makes itself, the source knows nothing of. */
type TrueEntity = Exclude<SourceEntity, "merged_line">;
const trueEntities = sourceEntities.filter((entity) => entity !== "merged_line");

/** Fields that are compared one to one, by the simulator's own account of its truth. */
const compared: Readonly<Record<TrueEntity, readonly string[]>> = {
  zone: ["name", "postal_codes"],
  user: ["name", "email", "role"],
  technician: ["name", "email", "user_id", "skills", "zone_ids"],
  service_location: ["customer_id", "label", "line1", "city", "postal_code", "is_primary"],
  customer: ["name", "email", "phone", "parent_id", "credit_status", "credit_limit", "balance"],
  contact: ["customer_id", "location_id", "first_name", "last_name", "emails", "phones", "roles"],
  job: [
    ...["number", "title", "description", "status", "urgency", "channel", "customer_id"],
    ...["location_id", "owner_id", "parent_job_id", "customer_po", "total", "tags"],
    ...["scheduled_start", "completed_at", "created_at", "updated_at"],
  ],
  job_status_event: ["job_id", "seq", "to", "at"],
  assignment: ["job_id", "technician_id", "role", "hours_worked"],
  line_item: ["job_id", "position", "kind", "description", "quantity", "unit_price", "total"],
  contact_link: ["contact_id", "customer_id", "role", "is_primary"],
  appointment: [
    ...["job_id", "starts_at", "ends_at", "window_start", "all_day", "all_day_date", "timezone"],
    ...["recurrence", "status", "technician_ids", "notes"],
  ],
  note: [
    ...["parent_type", "parent_id", "job_id", "customer_id", "contact_id", "body", "format"],
    ...["author_id", "written_at"],
  ],
  attachment: ["parent_type", "parent_id", "job_id", "customer_id", "file_name", "mime_type"],
  activity: ["kind", "subject", "started_at", "duration_s", "related", "job_id", "customer_id"],
  invoice: ["number", "job_id", "customer_id", "status", "issued_on", "total", "paid", "balance"],
  payment: ["applications", "amount", "status", "refund_of", "customer_id", "received_at"],
  custom_property_def: ["entity", "key", "label", "type", "options"],
};

/** Where the source topics and the truth part; empty when they agree. */
export async function differences(tenant: PolledTenant, found: Fold): Promise<string[]> {
  const truth: Truth = new Map();
  const losers = new Map<string, string>();
  for (const entity of trueEntities) {
    const text = await tenant.call<string>("GET", `truth/${entity}?full=1`);
    const known = new Map<string, Row | null>();
    for (const line of text.split("\n").filter((each) => each !== "")) {
      const { id, deleted, row } = JSON.parse(line) as { id: string; deleted: boolean; row: Row };
      known.set(id, deleted ? null : row);
      if (!deleted) continue;
      if (typeof row["merged_into_id"] === "string") losers.set(id, row["merged_into_id"]);
    }
    truth.set(entity, known);
  }
  return trueEntities.flatMap((entity) => compare(entity, living(entity, truth, losers), found));
}

/** Rows by entity and id; null for those that are deleted. */
type Truth = Map<SourceEntity, Map<string, Row | null>>;

/** What must stand in a topic as alive: rows whose parents live, or were never heard of. */
function living(
  entity: SourceEntity,
  truth: Truth,
  losers: ReadonlyMap<string, string>,
): ReadonlyMap<string, Row> {
  const follow = (of: SourceEntity, row: Row): Row => {
    const followed: Record<string, unknown> = { ...row };
    for (const [field, target] of Object.entries(references[of])) {
      followed[field] = target === "customer" ? winnerOf(row[field], losers) : row[field];
    }
    const paid = (row["applications"] ?? []) as { invoice_id: string }[];
    if (of === "payment") followed["invoice_id"] = paid.length === 1 ? paid[0]?.invoice_id : null;
    return followed as Row;
  };
  const lives = (of: SourceEntity, row: Row): boolean => {
    const owner = ownerOf(of, follow(of, row));
    const parent = owner && truth.get(owner.entity)?.get(owner.id);
    if (owner === undefined || parent === undefined) return true;
    return parent !== null && lives(owner.entity, parent);
  };
  const expected = new Map<string, Row>();
  for (const [id, row] of truth.get(entity) ?? []) {
    if (row !== null && lives(entity, row)) expected.set(id, follow(entity, row));
  }
  return expected;
}

function winnerOf(id: unknown, losers: ReadonlyMap<string, string>): unknown {
  let to = id;
  while (typeof to === "string" && losers.has(to)) to = losers.get(to);
  return to;
}

function compare(entity: TrueEntity, expected: ReadonlyMap<string, Row>, found: Fold): string[] {
  const alive = found.alive(entity);
  const wrong: string[] = [];
  for (const id of alive.keys()) if (!expected.has(id)) wrong.push(`${entity} ${id} is extra`);
  for (const [id, row] of expected) {
    const record = alive.get(id);
    const hostile = holdsHostileText(entity, row);
    if (hostile && found.rejected.has(`${entity}|${id}`)) continue;
    if (record === undefined) {
      wrong.push(`${entity} ${id} is missing`);
      continue;
    }
    const file = record["file"] as { sha256: string } | null | undefined;
    if (entity === "attachment" && file && file.sha256 !== row["sha256"])
      wrong.push(`file of ${id}`);
    for (const field of compared[entity]) {
      // Where the wire has local times, it has whole seconds.
      const wire = (value: unknown) =>
        entity === "appointment" && /^(start|end)s_at$/.test(field)
          ? Math.floor(Number(millis(value)) / 1000)
          : value;
      const [a, b] = [plain(wire(row[field])), plain(wire(record[field]))];
      if (a !== b) wrong.push(`${entity} ${id} ${field}: ${a} at the source, ${b} in the topic`);
    }
  }
  return wrong;
}

function holdsHostileText(entity: SourceEntity, row: Row): boolean {
  const nested = ["status_events", "assignments", "line_items"];
  return Object.entries(row).some(
    ([field, value]) =>
      !(entity === "job" && nested.includes(field)) &&
      /\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value) ?? ""),
  );
}

/** One way of writing a value: absent is null, times are milliseconds, names without a value are left out. */
function plain(value: unknown): string {
  if (value === undefined || value === null) return "null";
  if (typeof value !== "object") return String(millis(value));
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === "string") return millis(inner);
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    const entries = Object.entries(inner).filter(([, each]) => each !== null);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function millis(value: unknown): unknown {
  const time = typeof value === "string" && /^\d{4}-\d\d-\d\dT.*Z$/.test(value);
  return time ? Date.parse(value) : value;
}

/** Roots whose embedded members are not what the members' own topics say. */
export function wrongMembers(found: Fold): string[] {
  const wrong: string[] = [];
  const naming = (entity: SourceEntity, field: string) =>
    Map.groupBy(found.alive(entity).values(), (record) => record[field]);
  const [sites, events] = [
    naming("service_location", "customer_id"),
    naming("job_status_event", "job_id"),
  ];
  const [people, lines] = [naming("assignment", "job_id"), naming("line_item", "job_id")];
  const [bills, billed] = [naming("invoice", "job_id"), naming("line_item", "invoice_id")];
  const paying = [...found.alive("payment").values()].flatMap((payment) =>
    (payment["applications"] as { invoice_id: string }[]).map(({ invoice_id }) => invoice_id),
  );
  for (const [id, invoice] of found.alive("invoice")) {
    const counts = [invoice["lines_count"], invoice["payments_count"]];
    const members = [billed.get(id)?.length ?? 0, paying.filter((each) => each === id).length];
    const job = found.alive("job").get(String(invoice["job_id"]));
    if (invoice.meta.members !== "whole" || counts.join() !== members.join())
      wrong.push(`invoice ${id}: ${counts.join()} where ${members.join()} name it`);
    if (job && job["status"] !== invoice["job_status"]) wrong.push(`job status of invoice ${id}`);
  }
  for (const [id, customer] of found.alive("customer")) {
    if (customer["locations_count"] !== (sites.get(id)?.length ?? 0)) wrong.push(`customer ${id}`);
  }
  for (const [id, job] of found.alive("job")) {
    const site = found.alive("service_location").get(String(job["location_id"]));
    const location = job["location"] as Written | null;
    const counts = [job["status_events_count"], job["assignments_count"], job["line_items_count"]];
    const members = [events, people, lines].map((each) => each.get(id)?.length ?? 0);
    if (job["invoices_count"] !== (bills.get(id)?.length ?? 0)) wrong.push(`invoices of job ${id}`);
    if (job.meta.members !== "whole" || counts.join() !== members.join()) wrong.push(`job ${id}`);
    if (location?.["line1"] !== site?.["line1"]) wrong.push(`location of job ${id}`);
  }
  return wrong;
}
