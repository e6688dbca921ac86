import type { Draw } from "../generate/draw.ts";
import { jobsPerCustomer } from "../generate/job.ts";
import { lineItemOf } from "../generate/line-items.ts";
import { nextStatuses } from "../generate/status.ts";
import { equipment, works } from "../generate/words.ts";
import { idOf, indexOf } from "../generate/world.ts";
import { type Child, childrenOf, type Row } from "../truth/row.ts";
import { choose } from "./choose.ts";
import type { Desk } from "./desk.ts";

/** One kind of change: applies it and returns true, or false where no record suits. */
export type Change = (desk: Desk, of: Draw) => boolean;

/** Records made while dispatchers work take their ids from here on. */
export const firstLate = 80_000_000;

/** Moves a job on its way. */
export const jobStatus: Change = (desk, of) => {
  const job = choose(desk, of, { entity: "job", suits: ({ row }) => canMove(row) })?.row;
  if (job === undefined) return false;
  moveOn(desk, of, job);
  return true;
};

function canMove(row: Row): boolean {
  return nextStatuses[String(row["status"])] !== undefined;
}

function moveOn(desk: Desk, of: Draw, job: Row): void {
  const next = of.pick("next", nextStatuses[String(job["status"])] ?? ["Cancelled"]);
  desk.editor.moveTo(job.id, next, existingUser(desk, idOf(of.int("by", desk.world.office))));
}

/** Edits a job's own fields; the description is sometimes cleared. */
export const jobFields: Change = (desk, of) => {
  const job = choose(desk, of, { entity: "job" });
  if (job === undefined) return false;
  const title = `${of.pick("work", works)} ${of.pick("thing", equipment)} (${of.int("mark", 100_000)})`;
  const edits = [
    { title },
    { urgency: of.pick("urgency", ["emergency", "high", "normal", "low"]), title },
    { description: null, title },
    { customer_po: `PO-${of.int("po", 90_000)}` },
  ];
  desk.editor.set("job", job.id, of.pick("edit", edits));
  return true;
};

/** A value goes from A to B, and some changes later back to A. */
export const jobThereAndBack: Change = (desk, of) => {
  const job = choose(desk, of, { entity: "job" })?.row;
  if (job === undefined) return false;
  const before = job["urgency"] ?? null;
  desk.editor.set("job", job.id, { urgency: before === "low" ? "high" : "low" });
  desk.later({ do: "set", entity: "job", id: job.id, fields: { urgency: before } });
  return true;
};

/** Changes, removes or adds a line of a job. */
export const lineEdited: Change = (desk, of) => {
  const job = jobWithLines(desk, of);
  const line = job && of.pick("line", childrenOf(job, "line_item"));
  if (job === undefined || !line?.id) return false;
  desk.editor.setLine(job.id, line.id, {
    description: `${String(line["kind"])} ${of.int("text", 100_000)}`,
  });
  return true;
};

/** Takes a line off a job; what is billed stays. */
export const lineRemoved: Change = (desk, of) => {
  const job = jobWithLines(desk, of, unbilledLines);
  const line = job && of.pick("line", unbilledLines(job));
  if (job === undefined || !line?.id) return false;
  desk.editor.removeLine(job.id, line.id);
  return true;
};

/** Puts another line on a job. */
export const lineAdded: Change = (desk, of) => {
  const job = choose(desk, of, { entity: "job" })?.row;
  if (job === undefined) return false;
  const index = 60_000_000 + of.index;
  const position = childrenOf(job, "line_item").length + 1;
  const { id: _id, ...line } = lineItemOf(desk.world, { id: "", index, position }).line;
  desk.editor.addLine(job.id, line);
  return true;
};

/** The lines of a job that stand on no bill. */
export function unbilledLines(job: Row): Child[] {
  return childrenOf(job, "line_item").filter((line) => !line["invoice_id"]);
}

function jobWithLines(
  desk: Desk,
  of: Draw,
  lines = (job: Row): Child[] => childrenOf(job, "line_item"),
): Row | undefined {
  return choose(desk, of, { entity: "job", suits: ({ row }) => lines(row).length > 0 })?.row;
}

/** True for a job nobody needs: not billed, and not the first of a customer, which the fourth may recall. */
export function isSpare(job: Row): boolean {
  const lines = childrenOf(job, "line_item");
  return (
    (indexOf(job.id) ?? 0) % jobsPerCustomer !== 0 && unbilledLines(job).length === lines.length
  );
}

/** Deletes a job with all that hangs on it, every second time without a trace. */
export const jobDeleted: Change = (desk, of) => {
  // A record still named by others is another story.
  const job = choose(desk, of, { entity: "job", suits: ({ row }) => isSpare(row) });
  if (job === undefined) return false;
  desk.editor.remove("job", job.id, { trace: of.index % 2 === 0 });
  return true;
};

/** A deleted job comes back. */
export const jobRevived: Change = (desk, of) => {
  const job = choose(desk, of, {
    entity: "job",
    kind: of.chance("traceless", 0.5) ? "gone" : "deleted",
  });
  if (job === undefined) return false;
  desk.editor.revive("job", job.id);
  return true;
};

/** A user's id where the tenant has such a user. */
export function existingUser(desk: Desk, id: unknown): string | null {
  return typeof id === "string" && desk.ledger.newest("user", id)?.kind === "alive" ? id : null;
}
