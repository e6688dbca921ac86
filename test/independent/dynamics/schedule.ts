import { moment, number, text } from "../canonical-text.ts";
import { type Columns, idOf, type Parts, type Row } from "../rule.ts";
import { canonicalJson } from "./forms.ts";
import { keyText } from "./head.ts";

const visitFields = [
  ...["id", "created_at", "updated_at", "created_by", "starts_at", "ends_at", "starts_local"],
  ...["ends_local", "window_start", "window_end", "all_day", "all_day_date", "timezone"],
  ...["status", "technician_ids", "service_type", "notes", "confirmed", "custom"],
];

/** When and where a job is to be done, in columns of its own; what has none is JSON. */
export function scheduleColumns(row: Row, id: string, parts: Parts): Columns {
  const visits = visitsOf(parts).get(id) ?? [];
  const planned = visits.find(({ starts_at: at }) => same(at, row["scheduled_start"]));
  const visit = planned ?? visits[0];
  const site = parts.truth.service_location.get(String(row["location_id"]));
  const zone = parts.truth.zone.get(String(row["zone_id"]));
  return {
    qd_scheduledate: localDay(row["scheduled_start"]),
    qd_timewindowstart: firstMoment(visit, ["window_start", "starts_at"], row["scheduled_start"]),
    qd_timewindowend: firstMoment(visit, ["window_end", "ends_at"], row["scheduled_end"]),
    qd_routesequence: number(row["route_sequence"]),
    qd_routeid: text(row["route_id"]),
    qd_routezone: zone?.deleted === false ? text(zone.row["name"]) : null,
    qd_zonekey: keyText("zone", row["zone_id"]),
    qd_routedata: canonicalJson({
      site_zone: site?.deleted === false ? idOf(site.row["zone_id"]) : null,
      visits: visits.map(visitJson),
    }),
  };
}

/** A visit of a job, its series beside its times. */
function visitJson(visit: Row): object {
  const { rrule, text: said, ...series } = (visit["recurrence"] ?? {}) as Record<string, unknown>;
  const own = Object.fromEntries(visitFields.map((name) => [name, visit[name]]));
  return { ...own, ...series, recurrence_rule: rrule, recurrence_text: said };
}

/** The day a moment falls on where the tenant works. */
export function localDay(at: unknown): string | null {
  if (typeof at !== "string") return null;
  return new Intl.DateTimeFormat("en-CA", { timeZone: "America/New_York" }).format(Date.parse(at));
}

const byJob = new WeakMap<object, ReadonlyMap<string, readonly Row[]>>();

function visitsOf({ truth }: Parts): ReadonlyMap<string, readonly Row[]> {
  const known =
    byJob.get(truth) ??
    grouped(
      [...truth.appointment.values()].filter(({ deleted }) => !deleted).map(({ row }) => row),
    );
  byJob.set(truth, known);
  return known;
}

function grouped(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const sorted = rows.toSorted(
    (a, b) => startOf(a) - startOf(b) || Number(a["id"]) - Number(b["id"]),
  );
  return Map.groupBy(sorted, ({ job_id: job }) => String(job));
}

function startOf(row: Row): number {
  const at = row["starts_at"] ?? row["window_start"] ?? row["all_day_date"];
  return typeof at === "string" ? Date.parse(at) : Number.MAX_SAFE_INTEGER;
}

function same(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" && Date.parse(a) === Date.parse(b);
}

function firstMoment(
  visit: Row | undefined,
  fields: readonly string[],
  otherwise: unknown,
): string | null {
  const found = fields.map((field) => visit?.[field]).find((at) => typeof at === "string");
  return moment(found ?? otherwise);
}
