import { z } from "zod";
import type { DestinationRules } from "../destinations/destination-rules.ts";
import { isDay } from "./date.ts";
import { storable } from "./datetime.ts";
import { Fault, requireType, rule, type RuleSite, type Source } from "./rule.ts";

const dayMs = 86_400_000;

type Times = { readonly start: number; readonly end: number };

/** When an event begins or ends. */
export const eventTime = rule({
  name: "event_time",
  doc: "Start or end of an event. A timed one takes, of several fields, the first that has a moment, exact; its end may follow from a duration, else it ends as it begins. An all-day one is its day, shifted by no zone: from midnight UTC, which is how destinations hold a day, to the same midnight or, with `day_ends: next_day`, to the next. What ends before it begins, lasts longer than the destination takes or lies in a year it does not take is rejected as TIME_IMPOSSIBLE, what has no time at all as VALUE_MISSING.",
  example:
    "EndsAt: { event_time: end, starts: [starts_at, window_start], ends: [ends_at, window_end], all_day: all_day, day: all_day_date }",
  schema: z.strictObject({
    event_time: z.enum(["start", "end"]),
    starts: z.array(z.string()).min(1),
    ends: z.array(z.string()).min(1),
    duration: z.string().optional(),
    all_day: z.string().optional(),
    day: z.string().optional(),
    day_ends: z.enum(["same_day", "next_day"]).default("same_day"),
  }),
  compile(spec, site) {
    requireType(site, "datetime");
    const timed = timedReader(spec, site);
    const day = dayReader(spec, site);
    return {
      read(record) {
        const times = day(record) ?? timed(record);
        return times instanceof Fault ? times : times[spec.event_time];
      },
    };
  },
});

interface Spec {
  readonly starts: readonly string[];
  readonly ends: readonly string[];
  readonly duration?: string | undefined;
  readonly all_day?: string | undefined;
  readonly day?: string | undefined;
  readonly day_ends: "same_day" | "next_day";
}

function timedReader(spec: Spec, site: RuleSite): (record: Source) => Times | Fault {
  const starts = firstMoment(spec.starts, site);
  const ends = firstMoment(spec.ends, site);
  const seconds = spec.duration === undefined ? () => null : site.path(spec.duration, "int").get;
  return (record) => {
    const start = starts(record);
    if (start === null) return noTime;
    const length = seconds(record) as number | null;
    const end = ends(record) ?? (length === null ? start : start + length * 1000);
    return possible(start, end, site.destination);
  };
}

const noTime = new Fault(
  "VALUE_MISSING",
  "is empty, and an event needs a time: plan it at the source, or delete it.",
);

function possible(start: number, end: number, destination: DestinationRules): Times | Fault {
  for (const at of [start, end]) {
    const moment = storable(at, destination);
    if (moment instanceof Fault) return moment;
  }
  if (end < start) {
    return new Fault("TIME_IMPOSSIBLE", "lies behind its end: correct it at the source.");
  }
  const { longestEventDays: longest = Number.POSITIVE_INFINITY } = destination;
  if (end - start <= longest * dayMs) return { start, end };
  const days = Math.ceil((end - start) / dayMs);
  return new Fault(
    "TIME_IMPOSSIBLE",
    `begins an event of ${days} days, and the destination takes at most ${longest}: split it at the source.`,
  );
}

/** An all-day event's times, undefined where the record is none. */
function dayReader(spec: Spec, site: RuleSite): (record: Source) => Times | Fault | undefined {
  if (spec.all_day === undefined || spec.day === undefined) return () => undefined;
  const allDay = site.path(spec.all_day, "boolean").get;
  const day = site.path(spec.day, "text").get;
  return (record) => {
    if (allDay(record) !== true) return undefined;
    const text = ((day(record) as string | null) ?? "").trim();
    if (text === "") return noTime;
    if (!isDay(text)) {
      return new Fault("TIME_IMPOSSIBLE", "is an all-day visit on no day of the calendar.");
    }
    const midnight = storable(Date.parse(text), site.destination);
    if (midnight instanceof Fault) return midnight;
    return { start: midnight, end: midnight + (spec.day_ends === "next_day" ? dayMs : 0) };
  };
}

function firstMoment(paths: readonly string[], site: RuleSite): (record: Source) => number | null {
  const readers = paths.map((path) => site.path(path, "datetime").get);
  return (record) => {
    for (const get of readers) {
      const at = get(record) as number | null;
      if (at !== null) return at;
    }
    return null;
  };
}
