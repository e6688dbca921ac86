import {
  ownerOf,
  references,
  type SourceEntity,
  sourceEntities,
} from "../../pipeline/core/source-record.ts";
import type { Fold, Written } from "./fold.ts";
import type { PolledTenant } from "./polled-tenant.ts";

type Row = Record<string, unknown> & { readonly id: string };

/** Fields that are compared one to one, by the simulator's own account of its truth. */
const compared: Readonly<Record<SourceEntity, readonly string[]>> = {
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
  contact_link: [],
  appointment: [],
  note: [],
  attachment: [],
  activity: [],
  invoice: [],
  payment: [],
  custom_property_def: [],
};

const comparedEntities = sourceEntities.filter((entity) => compared[entity].length > 0);

/** Where the source topics and the truth part; empty when they agree. */
export async function differences(tenant: PolledTenant, found: Fold): Promise<string[]> {
  const truth = new Map<SourceEntity, Map<string, Row>>();
  const losers = new Map<string, string>();
  for (const entity of comparedEntities) {
    const text = await tenant.call<string>("GET", `truth/${entity}?full=1`);
    const alive = new Map<string, Row>();
    for (const line of text.split("\n").filter((each) => each !== "")) {
      const { id, deleted, row } = JSON.parse(line) as { id: string; deleted: boolean; row: Row };
      if (!deleted) alive.set(id, row);
      else if (typeof row["merged_into_id"] === "string") losers.set(id, row["merged_into_id"]);
    }
    truth.set(entity, alive);
  }
  return comparedEntities.flatMap((entity) =>
    compare(entity, living(entity, truth, losers), found),
  );
}

/** What must stand in a topic as alive: rows that hold text, and whose parent lives. */
function living(
  entity: SourceEntity,
  truth: ReadonlyMap<SourceEntity, ReadonlyMap<string, Row>>,
  losers: ReadonlyMap<string, string>,
): ReadonlyMap<string, Row> {
  const expected = new Map<string, Row>();
  for (const [id, row] of truth.get(entity) ?? []) {
    const followed: Row = { ...row };
    for (const [field, target] of Object.entries(references[entity])) {
      followed[field] = target === "customer" ? winnerOf(row[field], losers) : row[field];
    }
    const owner = ownerOf(entity, followed);
    const orphaned = owner !== undefined && !truth.get(owner.entity)?.has(owner.id);
    if (!orphaned) expected.set(id, followed);
  }
  return expected;
}

function winnerOf(id: unknown, losers: ReadonlyMap<string, string>): unknown {
  let to = id;
  while (typeof to === "string" && losers.has(to)) to = losers.get(to);
  return to;
}

function compare(entity: SourceEntity, expected: ReadonlyMap<string, Row>, found: Fold): string[] {
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
    for (const field of compared[entity]) {
      const [a, b] = [plain(row[field]), plain(record[field])];
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
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT.*Z$/.test(value)) {
    return String(Date.parse(value));
  }
  if (typeof value !== "object") return String(value);
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    const entries = Object.entries(inner).filter(([, each]) => each !== null);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
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
  for (const [id, customer] of found.alive("customer")) {
    if (customer["locations_count"] !== (sites.get(id)?.length ?? 0)) wrong.push(`customer ${id}`);
  }
  for (const [id, job] of found.alive("job")) {
    const site = found.alive("service_location").get(String(job["location_id"]));
    const location = job["location"] as Written | null;
    const counts = [job["status_events_count"], job["assignments_count"], job["line_items_count"]];
    const members = [events, people, lines].map((each) => each.get(id)?.length ?? 0);
    if (job.meta.members !== "whole" || counts.join() !== members.join()) wrong.push(`job ${id}`);
    if (location?.["line1"] !== site?.["line1"]) wrong.push(`location of job ${id}`);
  }
  return wrong;
}
