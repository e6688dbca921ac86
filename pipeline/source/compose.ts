import type {
  Appointment,
  Assignment,
  CustomerLocation,
  JobAppointmentMember,
  JobAssignmentMember,
  JobInvoiceMember,
  JobLocation,
  JobStatusEvent,
  JobStatusEventMember,
  Payment,
  ServiceLocation,
} from "../core/generated/records.ts";
import type { SourceEntity } from "../core/source-record.ts";
import type { Derived } from "./derived.ts";
import type { JobCounts } from "./job-counts.ts";

/** More members than this are counted but not embedded. */
const embeddedAtMost = 200;

/** Roots carry the sets their own columns need, so that every later stage needs one record only. */
export const rootEntities: readonly SourceEntity[] = ["customer", "job", "invoice"];

const members: Readonly<Partial<Record<SourceEntity, readonly SourceEntity[]>>> = {
  customer: ["service_location"],
  job: [
    ...(["service_location", "job_status_event", "assignment", "line_item"] as const),
    ...(["invoice", "payment"] as const),
  ],
  invoice: ["job", "line_item", "payment"],
};

/** Which entities each root embeds, or counts. */
export function membersOf(entity: SourceEntity, derived: Derived): readonly SourceEntity[] {
  const embedded = members[entity] ?? [];
  const { closed, visits, zones } = derived;
  if (entity === "customer" && closed !== undefined) return [...embedded, "job"];
  if (entity !== "job") return embedded;
  return [
    ...embedded,
    ...(visits ? (["appointment"] as const) : []),
    ...(zones ? (["zone"] as const) : []),
  ];
}

/** Fields of a row that are no more than its own other fields, and those that come with its file. */
export function ownComposed(
  entity: SourceEntity,
  fields: Record<string, unknown>,
): Record<string, unknown> {
  if (entity === "attachment") return { file: null, file_problem: null };
  if (entity !== "payment") return {};
  const { applications } = fields as Pick<Payment, "applications">;
  return { invoice_id: applications.length === 1 ? applications[0]?.invoice_id : null };
}

/** The columns of a customer that come from its sites, and from its jobs where they are counted. */
export function customerMembers(
  locations: readonly ServiceLocation[],
  work: JobCounts | undefined,
): Record<string, unknown> {
  const sorted = [...locations].sort((a, b) => compareIds(a.id, b.id));
  return {
    locations: sorted.slice(0, embeddedAtMost).map(customerLocation),
    locations_count: locations.length,
    work_open: work?.open ?? null,
    work_closed: work?.closed ?? null,
  };
}

function customerLocation(site: ServiceLocation): CustomerLocation {
  const { id, kind, is_primary, label, line1, line2, city, region, postal_code, country } = site;
  return { id, kind, is_primary, label, line1, line2, city, region, postal_code, country };
}

/** The site of a job, as its own columns need it. */
export function jobLocation(site: ServiceLocation | undefined): JobLocation | null {
  if (site === undefined) return null;
  const { id, label, line1, line2, city, region, postal_code, country, zone_id } = site;
  return { id, label, line1, line2, city, region, postal_code, country, zone_id };
}

/** The columns of a job that come from its history, oldest first. */
function statusEventMembers(
  events: readonly Pick<JobStatusEvent, "id" | "to" | "at" | "seq">[],
): Record<string, unknown> {
  const sorted = [...events].sort(
    (a, b) => (a.at ?? 0) - (b.at ?? 0) || (a.seq ?? 0) - (b.seq ?? 0) || compareIds(a.id, b.id),
  );
  const status_events = sorted
    .slice(0, embeddedAtMost)
    .map(({ id, to, at }): JobStatusEventMember => ({ id, to, at }));
  return { status_events, status_events_count: events.length };
}

/** The columns of a job that come from its assignments. */
function assignmentMembers(all: readonly Assignment[]): Record<string, unknown> {
  const assignments = [...all]
    .sort((a, b) => compareIds(a.id, b.id))
    .slice(0, embeddedAtMost)
    .map(
      ({ id, technician_id, role, hours_worked }): JobAssignmentMember => ({
        id,
        technician_id,
        role,
        hours_worked,
      }),
    );
  return { assignments, assignments_count: all.length };
}

/** The columns of a job that come from its visits, the earliest first. */
function appointmentMembers(all: readonly Appointment[]): Record<string, unknown> {
  const sorted = [...all].sort((a, b) => beginningOf(a) - beginningOf(b) || compareIds(a.id, b.id));
  const appointments = sorted.slice(0, embeddedAtMost).map((visit): JobAppointmentMember => {
    const { id, created_at, updated_at, created_by, starts_at, ends_at } = visit;
    const { starts_local, ends_local, window_start, window_end, all_day, all_day_date } = visit;
    const { timezone, status, technician_ids, service_type, notes, confirmed, custom } = visit;
    return {
      ...{ id, created_at, updated_at, created_by, starts_at, ends_at, starts_local, ends_local },
      ...{ window_start, window_end, all_day, all_day_date, timezone },
      ...{ status, technician_ids, service_type, notes, confirmed },
      recurrence_rule: visit.recurrence?.rrule ?? null,
      recurrence_text: visit.recurrence?.text ?? null,
      series_id: visit.recurrence?.series_id ?? null,
      exdates: visit.recurrence?.exdates ?? [],
      custom,
    };
  });
  return { appointments, appointments_count: all.length };
}

/** When a visit begins, epoch ms: one of a whole day at the day's begin, one without any time behind all others. */
function beginningOf({ starts_at, window_start, all_day_date }: Appointment): number {
  const day = all_day_date === null ? Number.MAX_SAFE_INTEGER : Date.parse(all_day_date);
  return starts_at ?? window_start ?? day;
}

/** The sets of a job as they stand in a known record. */
export function knownJobSets(known: Record<string, unknown>): Record<string, unknown> {
  const { status_events, status_events_count, assignments } = known;
  const { assignments_count, line_items_count, invoices, invoices_count } = known;
  const { appointments, appointments_count } = known;
  return {
    ...{ status_events, status_events_count, assignments, assignments_count },
    ...{ line_items_count, invoices, invoices_count, appointments, appointments_count },
  };
}

/** The sets of a job, made of its living members, which `members` finds by entity. */
export function jobSets(
  members: (entity: SourceEntity) => readonly unknown[],
  invoices: readonly JobInvoiceMember[],
): Record<string, unknown> {
  return {
    ...statusEventMembers(members("job_status_event") as readonly JobStatusEvent[]),
    ...assignmentMembers(members("assignment") as readonly Assignment[]),
    line_items_count: members("line_item").length,
    invoices: [...invoices].sort((a, b) => compareIds(a.id, b.id)).slice(0, embeddedAtMost),
    invoices_count: invoices.length,
    ...appointmentMembers(members("appointment") as readonly Appointment[]),
  };
}

/** By number where both are numbers, so that the order of a set does not change with its origin. */
export function compareIds(a: string, b: string): number {
  return a.length !== b.length && /^\d+$/.test(a + b)
    ? a.length - b.length
    : a < b
      ? -1
      : a > b
        ? 1
        : 0;
}
