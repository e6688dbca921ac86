import { activityAt } from "../generate/activity.ts";
import { appointmentAt, span } from "../generate/appointment.ts";
import { attachmentAt } from "../generate/attachment.ts";
import type { Draw } from "../generate/draw.ts";
import { ordinalOf } from "../generate/job-children.ts";
import { noteAt, onJob } from "../generate/note.ts";
import { plainText } from "../generate/texts.ts";
import { indexOf, iso } from "../generate/world.ts";
import { childrenOf, type Entity, type Row } from "../truth/row.ts";
import { choose } from "./choose.ts";
import type { Desk } from "./desk.ts";
import { type Change, existingUser, firstLate } from "./job-changes.ts";

const hour = 3_600_000;

/** Makes a child of a job as the generator would, but now. */
function createOnJob(entity: Entity, make: (desk: Desk, index: number, job: Row) => Row): Change {
  return (desk, of) => {
    const job = choose(desk, of, { entity: "job" })?.row;
    if (job === undefined) return false;
    const index = desk.meta.next(`late ${entity}`, firstLate);
    const row = make(desk, index, { ...job, created_at: iso(desk.clock.now() - 72 * hour) });
    const at = iso(desk.clock.now());
    const author = existingUser(desk, row["created_by"]);
    desk.editor.create(entity, { ...row, created_at: at, created_by: author });
    return true;
  };
}

/** Another visit is planned. */
export const appointmentCreated = createOnJob("appointment", ({ world }, index, job) =>
  appointmentAt(world, index, job, 0),
);

/** Somebody writes a note on a job. */
export const noteCreated = createOnJob("note", (desk, index, job) => {
  const row = noteAt(desk.world, index, job);
  return { ...row, author_id: existingUser(desk, row["author_id"]) };
});

/** A file is put on a job. */
export const attachmentCreated = createOnJob("attachment", ({ world }, index, job) =>
  attachmentAt(world, index, job),
);

/** A call, an e-mail, a meeting. */
export const activityCreated = createOnJob("activity", (desk, index, job) => {
  const row = activityAt(desk.world, index, job);
  return { ...row, owner_id: existingUser(desk, row["owner_id"]) };
});

/** A visit moves to another time. */
export const appointmentMoved: Change = (desk, of) => {
  const suits = ({ row }: { row: Row }): boolean => row["job_id"] !== null && !row["all_day"];
  const visit = choose(desk, of, { entity: "appointment", suits });
  if (visit === undefined) return false;
  const start = desk.clock.now() + (1 + of.int("hours", 300)) * hour;
  const times = span(start - (start % 900_000), start - (start % 900_000) + 2 * hour);
  desk.editor.set("appointment", visit.id, { ...times, status: "scheduled" });
  return true;
};

/** A visit goes from one job to another of the same kind. */
export const appointmentGivenAway: Change = (desk, of) => {
  const visit = choose(desk, of, { entity: "appointment", suits: ({ row }) => isFree(desk, row) });
  const job = choose(desk, of, { entity: "job", field: "new job" });
  if (visit === undefined || job === undefined) return false;
  desk.editor.set("appointment", visit.id, { job_id: job.id });
  return true;
};

/** True for a visit of a job that no assignment of the job names. */
function isFree(desk: Desk, visit: Row): boolean {
  if (typeof visit["job_id"] !== "string") return false;
  const job = desk.ledger.newest("job", visit["job_id"])?.row;
  return !(job && childrenOf(job, "assignment").some((one) => one["appointment_id"] === visit.id));
}

/** A note is written anew. */
export const noteEdited: Change = (desk, of) => {
  const note = choose(desk, of, { entity: "note" });
  if (note === undefined) return false;
  const body = `${plainText(of)} (${of.int("mark", 100_000)})`;
  desk.editor.set("note", note.id, { body, format: "text" });
  return true;
};

/** A note was written on the wrong job. */
export const noteMoved: Change = (desk, of) => {
  const suits = ({ row }: { row: Row }): boolean => row["parent_type"] === "job" && isBare(row);
  const note = choose(desk, of, { entity: "note", suits });
  const job = choose(desk, of, { entity: "job", field: "right job" })?.row;
  if (note === undefined || job === undefined) return false;
  desk.editor.set("note", note.id, onJob(job));
  return true;
};

/** A file gets another name. */
export const attachmentRenamed: Change = (desk, of) => {
  const file = choose(desk, of, { entity: "attachment" });
  if (file === undefined) return false;
  const [, extension = ""] = /(\.\w+)$/.exec(String(file.row["file_name"])) ?? [];
  desk.editor.set("attachment", file.id, { file_name: `scan-${of.int("n", 9_000)}${extension}` });
  return true;
};

/** Other bytes come under the same id. */
export const attachmentReplaced: Change = (desk, of) => {
  const file = choose(desk, of, { entity: "attachment" });
  if (file === undefined) return false;
  desk.editor.newBytes(file.id);
  return true;
};

/** What came of a call is written down. */
export const activityEdited: Change = (desk, of) => {
  const activity = choose(desk, of, { entity: "activity" });
  if (activity === undefined) return false;
  desk.editor.set("activity", activity.id, {
    outcome: of.pick("outcome", ["done", "called back"]),
  });
  return true;
};

const removed =
  (entity: Entity, suits: (desk: Desk, row: Row) => boolean): Change =>
  (desk, of: Draw) => {
    const record = choose(desk, of, { entity, suits: ({ row }) => suits(desk, row) });
    if (record === undefined) return false;
    desk.editor.remove(entity, record.id, { trace: of.index % 2 === 0 });
    return true;
  };

/** A visit is called off. */
export const appointmentDeleted = removed("appointment", isFree);

/** A note is deleted; not one that files hang on. */
export const noteDeleted = removed("note", (_desk, note) => isBare(note));

/** True for a note that no file can name: they name the first of their job. */
function isBare(note: Row): boolean {
  if (typeof note["job_id"] !== "string") return true;
  return ordinalOf("note", indexOf(note["job_id"]) ?? 0, 0) !== indexOf(note.id);
}

/** A file is deleted. */
export const attachmentDeleted = removed("attachment", () => true);

/** An activity is deleted. */
export const activityDeleted = removed("activity", () => true);
