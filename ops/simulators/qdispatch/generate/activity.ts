import type { Row } from "../truth/row.ts";
import { phoneOf } from "./customer.ts";
import { type Draw, draw } from "./draw.ts";
import { ordinalOf } from "./job-children.ts";
import { hasLeft, personOf } from "./people.ts";
import { plainText } from "./texts.ts";
import { equipment } from "./words.ts";
import { idOf, indexOf, iso, type World } from "./world.ts";

const kinds = "ccccccccmmmeeeeeessstt".split("");
const kindNames: Record<string, string> = {
  c: "call",
  m: "meeting",
  e: "email",
  s: "sms",
  t: "task",
};

/** A job's nth call, e-mail, meeting, text message or task; one in seven is about its customer only. */
export function activityOf(world: World, job: number, row: Row, nth: number): Row {
  const index = ordinalOf("activity", job, nth);
  const of = draw(world.seed, "activity", index);
  return activityAt(world, index, row, of.chance("no job", 0.15) && row["customer_id"] !== null);
}

/** An activity of an index of its own. */
export function activityAt(world: World, index: number, job: Row, customerOnly = false): Row {
  const of = draw(world.seed, "activity", index);
  const kind = kindNames[of.pick("kind", kinds)] ?? "call";
  const owner = of.int("owner", world.office);
  const at = Date.parse(String(job.created_at)) + of.int("later", 50 * 3_600_000);
  const ownerId = idOf(hasLeft(world, owner) ? 0 : owner);
  const jobId = customerOnly ? null : job.id;
  const { customer_id: customer, contact_id: contact } = job;
  return {
    id: idOf(index),
    created_at: iso(at),
    updated_at: iso(at),
    created_by: ownerId,
    active: true,
    kind,
    subject: subjectOf(of, kind),
    body: of.chance("body", 0.7) ? plainText(of) : null,
    ...wayOf(world, of, { kind, owner, contact }),
    ...timesOf(of, kind, at),
    related: [
      ...(jobId === null ? [] : [{ type: "job", id: jobId }]),
      ...(customer ? [{ type: "customer", id: customer }] : []),
      ...(contact ? [{ type: "contact", id: contact }] : []),
    ],
    job_id: jobId,
    customer_id: customer,
    contact_id: contact,
    outcome: outcomeOf(of, kind),
    recording_url:
      kind === "call" && of.chance("recorded", 0.2)
        ? `https://recordings.example/${1_000 + index}.mp3`
        : null,
    owner_id: ownerId,
    custom: [],
  };
}

function subjectOf(of: Draw, kind: string): string | null {
  if (kind === "sms") return null;
  return `${of.pick("about", ["About the", "Question on the", "Next steps for the"])} ${of.pick("thing", equipment)}`;
}

function wayOf(
  world: World,
  of: Draw,
  parts: { kind: string; owner: number; contact: unknown },
): Pick<Row, "direction" | "from" | "to" | "participants"> {
  const { kind, owner, contact } = parts;
  const desk = personOf(world, "user", owner);
  const other = personOf(world, "contact", indexOf(String(contact ?? "")) ?? 0);
  const byMail = kind === "email" || kind === "meeting" || kind === "task";
  const ends = byMail
    ? [desk.email, other.email]
    : [phoneOf(desk.of, owner), phoneOf(of, other.of.index)];
  const [ours = "", theirs = ""] = ends;
  if (kind === "task") return { direction: null, from: null, to: [], participants: [] };
  const outbound = of.chance("outbound", 0.55);
  return {
    direction: kind === "meeting" ? null : outbound ? "outbound" : "inbound",
    from: outbound ? ours : theirs,
    to: [outbound ? theirs : ours],
    participants: kind === "meeting" ? [desk.name, other.name] : [],
  };
}

function timesOf(
  of: Draw,
  kind: string,
  at: number,
): Pick<Row, "started_at" | "ended_at" | "duration_s"> {
  const seconds =
    kind === "call"
      ? 5 + of.int("seconds", 1_200)
      : kind === "meeting"
        ? 1_800 * (1 + of.int("halves", 4))
        : undefined;
  const ended = seconds === undefined ? null : iso(at + seconds * 1_000);
  return { started_at: iso(at), ended_at: ended, duration_s: seconds ?? null };
}

function outcomeOf(of: Draw, kind: string): string | null {
  if (kind === "call") return of.pick("outcome", ["connected", "voicemail", "no answer", "busy"]);
  if (kind === "task") return of.pick("outcome", ["done", "open"]);
  return kind === "meeting" ? of.pick("outcome", ["held", "no show"]) : null;
}
