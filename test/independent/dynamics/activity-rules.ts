import { moment, seconds, text } from "../canonical-text.ts";
import { type Columns, type ObjectRule, ownerOf, type Parts, type Row } from "../rule.ts";
import { about, kinds, visitTimes } from "../visit-rules.ts";
import { bodyLetters, common, done, timesOf, wrongTimes } from "./activity-columns.ts";
import { canonicalJson, cut, htmlWords, joined, whole } from "./forms.ts";
import { head } from "./head.ts";

/** Calls, e-mails, meetings and all else that was said, and the time technicians have for themselves. */
export const activityRules: readonly ObjectRule[] = [
  activity(
    "phonecall",
    "Call",
    (kind) => kind === "call",
    (row) => ({
      ...done(row),
      directioncode: String(row["direction"] === "outbound"),
      statecode: "Completed",
      ...bodyLetters(row, true),
    }),
  ),
  activity(
    "email",
    "Email",
    (kind) => kind === "email",
    (row) => ({
      ...done(row),
      directioncode: String(row["direction"] === "outbound"),
      statecode: "Completed",
      "description#words": text(row["body"]) === null ? null : htmlWords(String(row["body"])),
    }),
  ),
  activity(
    "appointment",
    "Meeting",
    (kind) => kind === "meeting",
    (row) => ({
      ...(text(row["outcome"]) === null ? { actualstart: null, actualend: null } : done(row)),
      isalldayevent: "false",
      statecode: text(row["outcome"]) === null ? "Scheduled" : "Completed",
      ...visitColumns({}),
      ...bodyLetters(row, false),
    }),
  ),
  activity(
    "task",
    "Activity",
    (kind) => !["call", "email", "meeting"].includes(kind),
    (row) => {
      const isDone = row["kind"] !== "task" || typeof row["ended_at"] === "string";
      return {
        ...done(row),
        ...(isDone ? {} : { actualend: null }),
        statecode: isDone ? "Completed" : "Open",
        ...bodyLetters(row, true),
      };
    },
  ),
  {
    object: "appointment",
    entity: "appointment",
    takes: (row) => row["job_id"] === null,
    wrong: (row) => (row["all_day"] === true ? undefined : wrongTimes(visitTimes(row))),
    columns: ownTimeColumns,
  },
];

function activity(
  object: string,
  unnamed: string,
  takes: (kind: string) => boolean,
  columns: (row: Row) => Columns,
): ObjectRule {
  return {
    object,
    entity: "activity",
    takes: (row) => takes(String(row["kind"])),
    wrong: (row) =>
      kinds[String(row["kind"])] === undefined
        ? `an unseen kind: ${String(row["kind"])}`
        : wrongTimes(timesOf(row)),
    needs: (row, presence) => Object.values(about(row, presence)),
    columns: (row, id, parts) => ({ ...common(row, id, parts, unnamed), ...columns(row) }),
  };
}

function ownTimeColumns(row: Row, id: string, parts: Parts): Columns {
  const allDay = row["all_day"] === true;
  const day = Date.parse(`${String(row["all_day_date"])}T00:00:00Z`);
  const [start, end] = allDay ? [day, day + 24 * 3_600_000] : visitTimes(row);
  const subject = text(row["service_type"]) ?? "Appointment";
  const states: Record<string, string> = {
    tentative: "Open",
    done: "Completed",
    cancelled: "Canceled",
  };
  return {
    ...head(row, id, parts),
    ...visitColumns(row),
    ownerid: ownerOf(parts, "technician", ((row["technician_ids"] ?? []) as string[])[0]),
    regardingobjectid: null,
    subject: cut(subject, 200),
    qd_fullsubject: whole(subject, 200),
    isalldayevent: String(allDay),
    scheduledstart: seconds(start ?? 0),
    scheduledend: seconds(end ?? 0),
    description: text(row["notes"]),
    statecode: states[String(row["status"])] ?? "Scheduled",
    qd_activitykind: "Appointment",
  };
}

function visitColumns(row: Row): Columns {
  return {
    qd_windowstart: moment(row["window_start"]),
    qd_windowend: moment(row["window_end"]),
    qd_startslocal: text(row["starts_local"]),
    qd_endslocal: text(row["ends_local"]),
    qd_timezone: text(row["timezone"]),
    qd_recurrence: canonicalJson(row["recurrence"]),
    qd_appointmentstatus: text(row["status"]),
    qd_confirmed: String(row["confirmed"] === true),
    qd_technicians: joined(row["technician_ids"]),
  };
}
