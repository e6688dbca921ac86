import { childrenOf, type Row } from "../truth/row.ts";
import { type Draw, draw } from "./draw.ts";
import { ordinalOf } from "./job-children.ts";
import { locationIndex } from "./location.ts";
import { personOf } from "./people.ts";
import { type Planted, type Reality, realityOf } from "./realities.ts";
import { hostileHtml, hugeHtml, longText, oddText, plainText } from "./texts.ts";
import { idOf, indexOf, iso, type World } from "./world.ts";

/** A job's nth note, or one on what belongs to the job. */
export function noteOf(world: World, job: number, row: Row, nth: number): Row {
  const index = ordinalOf("note", job, nth);
  const planted = realityOf(world, "note", index);
  const of = draw(world.seed, "note", index);
  const orphan = orphanOf(world, job, nth);
  const parent = orphan === undefined ? hangsOn(of, row) : onLostJob(orphan, row);
  return noteAt(world, index, row, parent, planted);
}

/** A note of an index of its own. */
export function noteAt(
  world: World,
  index: number,
  job: Row,
  parent: NoteParent = onJob(job),
  planted?: Planted<Reality<"note">>,
): Row {
  const of = draw(world.seed, "note", index);
  const author = of.int("author", world.office);
  const at = iso(Date.parse(String(job.created_at)) + of.int("later", 40 * 3_600_000));
  return {
    id: idOf(index),
    created_at: at,
    updated_at: at,
    created_by: idOf(author),
    active: true,
    ...parent,
    ...bodyOf(of, planted),
    visibility: of.chance("visible", 0.3) ? "customer" : "internal",
    pinned: of.chance("pinned", 0.05),
    author_id: idOf(author),
    author_name: personOf(world, "user", author).name,
    written_at: at,
    custom: [],
  };
}

/** The notes of the job that has four hundred take their ids from here on. */
const firstOfMany = 40_000_000;

/** One of the many notes of a job with four hundred. */
export function oneOfManyNotes(world: World, job: number, row: Row, nth: number): Row {
  return noteAt(world, firstOfMany + job * 400 + nth, row);
}

/** What a note or file hangs on, and the records that follow from it. */
export type NoteParent = Pick<
  Row,
  "parent_type" | "parent_id" | "job_id" | "customer_id" | "contact_id"
>;

/** A parent that is the job itself. */
export function onJob(job: Row): NoteParent {
  const customer = job["customer_id"];
  const refs = { job_id: job.id, customer_id: customer, contact_id: null };
  return { parent_type: "job", parent_id: job.id, ...refs };
}

/** The job mostly; now and then its customer, contact, site or bill. */
export function hangsOn(of: Draw, job: Row): NoteParent {
  const { customer_id: customer, contact_id: contact } = job;
  const place = of.int("parent", 100);
  const refs = { job_id: null, customer_id: customer, contact_id: null };
  if (place < 6 && customer) return { parent_type: "customer", parent_id: customer, ...refs };
  if (place < 10 && contact)
    return { parent_type: "contact", parent_id: contact, ...refs, contact_id: contact };
  if (place < 12 && customer) {
    const location = idOf(locationIndex(indexOf(String(customer)) ?? 0, 0));
    return { parent_type: "location", parent_id: location, ...refs };
  }
  const invoice = childrenOf(job, "line_item").find((line) => line["invoice_id"])?.["invoice_id"];
  if (place < 15 && invoice)
    return { parent_type: "invoice", parent_id: invoice, ...refs, job_id: job.id };
  return onJob(job);
}

/** Jobs that were, or never were, take their ids from here on. */
export const firstLostJob = 70_000_000;

/** Which orphan a job's nth note is, if it is one: even ones name a job that never was, odd ones a job that is gone by now. */
export function orphanOf(world: World, job: number, nth: number): number | undefined {
  const planted = realityOf(world, "note", ordinalOf("note", job, nth));
  return planted?.kind === "orphan" ? planted.nth : undefined;
}

function onLostJob(orphan: number, job: Row): NoteParent {
  return {
    ...onJob(job),
    parent_id: idOf(firstLostJob + orphan),
    job_id: idOf(firstLostJob + orphan),
  };
}

function bodyOf(
  of: Draw,
  planted: Planted<Reality<"note">> | undefined,
): Pick<Row, "body" | "format"> {
  const text = plainText(of);
  if (planted?.kind === "html_hostile") {
    const body = planted.nth % 5 === 0 ? hugeHtml(text) : hostileHtml(planted, text);
    return { body, format: "html" };
  }
  if (planted?.kind === "text_long")
    return { body: longText(planted.nth % 10 === 9 ? 32_001 : 4_001, text), format: "text" };
  if (planted?.kind === "text_odd") return { body: oddText(planted, text), format: "text" };
  const place = of.int("format", 100);
  if (place < 25)
    return { body: `<p>${text}</p><ul><li>ring <b>twice</b></li></ul>`, format: "html" };
  if (place < 40) return { body: `**${text}**\n\n- ring *twice*`, format: "markdown" };
  return { body: text, format: "text" };
}
