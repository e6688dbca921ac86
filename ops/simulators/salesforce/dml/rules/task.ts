import type { ObjectRule } from "../object-rules.ts";
import { initialStatus, isClosedStatus } from "../picklist-rows.ts";
import { accountOf } from "./activity.ts";
import { checkSeries, repeatActivity } from "./recurrence.ts";

/** Tasks: closed by TaskStatus, and when; their account follows from what they are about. */
export const task: ObjectRule = {
  check: (_writer, given, before) => checkSeries("Task", given, before),
  complete({ writer: { org }, before, now }, values) {
    values["Status"] ??= initialStatus(org, "TaskStatus");
    const closed = isClosedStatus(org, "TaskStatus", values["Status"]);
    values["IsClosed"] = closed;
    values["CompletedDateTime"] = closed ? (before?.["CompletedDateTime"] ?? now) : null;
    values["IsHighPriority"] = String(values["Priority"]).toLowerCase() === "high";
    values["AccountId"] = accountOf(org, values);
  },
  after: repeatActivity,
};
