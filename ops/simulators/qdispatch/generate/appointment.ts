import type { Child, Row } from "../truth/row.ts";
import { edgeTimes, impossibleTimes, recurrenceOf, type Times } from "./appointment-oddities.ts";
import { type Draw, draw } from "./draw.ts";
import { ordinalOf } from "./job-children.ts";
import { accountZone, wallClock } from "./local-time.ts";
import { realityOf } from "./realities.ts";
import { daysAgo, idOf, iso, type World } from "./world.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** A job's nth appointment. */
export function appointmentOf(world: World, job: number, row: Row, nth: number): Row {
  return appointmentAt(world, ordinalOf("appointment", job, nth), row, nth);
}

/** An appointment of a job, with an index of its own. */
export function appointmentAt(world: World, index: number, job: Row, nth: number): Row {
  const of = draw(world.seed, "appointment", index);
  const planted = realityOf(world, "appointment", index);
  const created = Date.parse(String(job.created_at)) + of.int("later", 600_000);
  const first = Date.parse(String(job["scheduled_start"] ?? iso(created + 2 * day)));
  const start = first + nth * (1 + of.int("days", 5)) * day;
  const times =
    planted?.kind === "time_edge"
      ? edgeTimes(planted, start)
      : planted?.kind === "time_impossible"
        ? impossibleTimes(planted, start)
        : usualTimes(of, start);
  const crew = ((job["assignments"] ?? []) as Child[]).map((one) => one["technician_id"]);
  return {
    ...head(index, created, idOf(of.int("author", world.office))),
    job_id: job.id,
    ...times,
    recurrence: planted?.kind === "series" ? recurrenceOf(planted, start) : null,
    status: statusOf(job),
    technician_ids: nth === 0 ? crew : crew.slice(0, 1),
    service_type: job["service_type"],
    notes: of.chance("notes", 0.3) ? of.pick("text", ["Ring twice", "Gate code 4417"]) : null,
    confirmed: of.chance("said", 0.7) ? of.chance("confirmed", 0.8) : null,
    custom: [],
  };
}

function head(index: number, at: number, author: string): Row {
  const time = iso(at);
  return { id: idOf(index), created_at: time, updated_at: time, created_by: author, active: true };
}

/** Times as they mostly are: an hour or more with a window around its start, or a whole day. */
export function usualTimes(of: Draw, start: number): Times {
  if (of.chance("all day", 0.06)) return allDay(wallClock(start).slice(0, 10));
  const end = start + hour * (1 + of.int("hours", 4));
  const window = of.chance("window", 0.6);
  return {
    ...span(start, end),
    window_start: window ? iso(start - hour) : null,
    window_end: window ? iso(start + hour) : null,
  };
}

/** A day of no zone. */
export function allDay(date: string): Times {
  const none = { starts_at: null, ends_at: null, starts_local: null, ends_local: null };
  const rest = { window_start: null, window_end: null, all_day: true, all_day_date: date };
  return { ...none, timezone: accountZone, ...rest };
}

/** From one moment to another, with the wall clock's times. */
export function span(start: number, end: number): Times {
  return {
    starts_at: iso(start),
    ends_at: iso(end),
    starts_local: wallClock(start),
    ends_local: wallClock(end),
    timezone: accountZone,
    window_start: null,
    window_end: null,
    all_day: false,
    all_day_date: null,
  };
}

function statusOf(job: Row): string {
  if (job["status_group"] === "completed") return "done";
  if (job["status_group"] === "cancelled") return "cancelled";
  return job["scheduled_start"] === null ? "tentative" : "scheduled";
}

/** Times of a technician that belong to no job take their ids from here on. */
const firstOwnTime = 30_000_000;

/** How many of them each technician has. */
export const ownTimes = 3;

/** A technician's nth time off or training. */
export function ownTimeOf(world: World, technician: number, nth: number): Row {
  const index = firstOwnTime + technician * ownTimes + nth;
  const of = draw(world.seed, "appointment", index);
  const at = daysAgo(world, 60 - of.int("days", 80), 0);
  const off = of.chance("off", 0.5);
  return {
    ...head(index, daysAgo(world, 70 + of.int("asked", 20), 0), idOf(0)),
    job_id: null,
    ...(off ? allDay(wallClock(at).slice(0, 10)) : span(at, at + 4 * hour)),
    recurrence: null,
    status: "scheduled",
    technician_ids: [idOf(technician)],
    service_type: off ? "Vacation" : "Training",
    notes: null,
    confirmed: true,
    custom: [],
  };
}
