import type { Values } from "../../schema/field.ts";
import type { ObjectRule } from "../object-rules.ts";
import { accountOf } from "./activity.ts";
import { eventTimes } from "./event-times.ts";
import { checkSeries, repeatActivity } from "./recurrence.ts";

/** A series starts when its recurrence does. */
function withStart(given: Values): Values {
  if (given["IsRecurrence"] !== true) return given;
  return { ...given, StartDateTime: given["RecurrenceStartDateTime"] ?? null };
}

const timeFields = [
  "StartDateTime",
  "ActivityDateTime",
  "ActivityDate",
  "EndDateTime",
  "DurationInMinutes",
  "IsAllDayEvent",
];

/** An update that says nothing of the time leaves it as it is, to the second. */
function movesTime(given: Values, before: Values | undefined): boolean {
  return before === undefined || timeFields.some((name) => given[name] !== undefined);
}

/** Events: start, end and length agree; their account follows from what they are about. */
export const event: ObjectRule = {
  check(writer, given, before) {
    const series = checkSeries("Event", given, before);
    if (series !== undefined) return series;
    if (!movesTime(given, before)) return undefined;
    const { multidayEvents } = writer.org.settings.current();
    const found = eventTimes(withStart(given), before, multidayEvents);
    return "error" in found ? found.error : undefined;
  },
  complete({ writer: { org }, given, before }, values) {
    if (movesTime(given, before)) {
      const found = eventTimes(withStart(given), before, true);
      if ("times" in found) Object.assign(values, found.times);
    }
    values["AccountId"] = accountOf(org, values);
  },
  after: repeatActivity,
};
