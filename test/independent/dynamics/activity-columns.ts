import { letters, moment, seconds, text } from "../canonical-text.ts";
import { type Columns, ownerOf, type Parts, referenceTo, type Row } from "../rule.ts";
import { about, kinds } from "../visit-rules.ts";
import { canonicalJson, cut, joined, titled, whole } from "./forms.ts";
import { head, keyText } from "./head.ts";

type Times = readonly [start: number | undefined, end: number | undefined];

/** What every activity says, whatever its kind; `unnamed` is the subject of one without. */
export function common(row: Row, id: string, parts: Parts, unnamed: string): Columns {
  const { what, who } = about(row, parts.presence);
  const [start, end] = timesOf(row);
  const subject = text(row["subject"]) ?? unnamed;
  const length = typeof row["duration_s"] === "number" ? row["duration_s"] : undefined;
  const [began, ended] = [row["started_at"], row["ended_at"]].map((at) => Date.parse(String(at)));
  return {
    ...head(row, id, parts),
    ownerid: ownerOf(parts, "user", row["owner_id"]),
    qd_sourceowner: keyText("user", row["owner_id"]),
    regardingobjectid: referenceTo(parts, what),
    subject: cut(subject, 200),
    qd_fullsubject: whole(subject, 200),
    scheduledstart: seconds(start ?? 0),
    scheduledend: seconds(end ?? 0),
    qd_activitykind: kinds[String(row["kind"])],
    qd_direction: titled(row["direction"]),
    qd_outcome: text(row["outcome"]),
    qd_contact: referenceTo(parts, who),
    qd_startedon: moment(row["started_at"]),
    qd_endedon: moment(row["ended_at"]),
    qd_durationseconds: wholeSeconds(length, Number(ended) - Number(began)),
    qd_from: text(row["from"]),
    qd_to: joined(row["to"]),
    qd_participants: joined(row["participants"]),
    qd_related: canonicalJson(row["related"]),
    qd_recordingurl: text(row["recording_url"]),
  };
}

/** When it was, where it is over. */
export function done(row: Row): Columns {
  const [start, end] = timesOf(row);
  return { actualstart: seconds(start ?? 0), actualend: seconds(end ?? 0) };
}

/** When it began and ended, as far as anybody said. */
export function timesOf(row: Row): Times {
  const at = (name: string) => (typeof row[name] === "string" ? Date.parse(row[name]) : undefined);
  const start = at("started_at") ?? at("created_at");
  const length = Number(row["duration_s"] ?? 0) * 1000;
  return [start, at("ended_at") ?? (start === undefined ? undefined : start + length)];
}

/** Why no calendar takes such times, if none does. */
export function wrongTimes([start, end]: Times): string | undefined {
  if (start === undefined || end === undefined) return "no time at all";
  if (Math.min(start, end) < Date.UTC(1753, 0, 1)) return "a year no calendar has";
  return end < start ? "an end before its start" : undefined;
}

function wholeSeconds(said: number | undefined, measured: number): string | null {
  if (said !== undefined) return String(said);
  return Number.isNaN(measured) ? null : String(Math.floor(measured / 1000));
}

/** What was said, by its letters. */
export function bodyLetters(row: Row, overflows: boolean): Columns {
  const body = text(row["body"]);
  return {
    "description#letters": body === null ? null : letters(body.slice(0, 2000)),
    ...(overflows ? { qd_fulldescription: whole(body, 2000) } : {}),
  };
}
