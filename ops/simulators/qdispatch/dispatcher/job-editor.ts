import { BodyRefused } from "../../server/body.ts";
import type { Clock } from "../../server/clock.ts";
import { decimal } from "../generate/line-items.ts";
import { statusGroup } from "../generate/status.ts";
import { idOf, iso } from "../generate/world.ts";
import type { Meta } from "../truth/meta.ts";
import { type Child, childrenOf, type Row } from "../truth/row.ts";

/** What a person at the tenant can do to what is nested in a job. */
export interface JobEditor {
  addLine(jobId: string, line: Record<string, unknown>): Row;
  setLine(jobId: string, lineId: string, fields: Record<string, unknown>): Row;
  removeLine(jobId: string, lineId: string): Row;
  /** Moves a job to a status, with its event and its time. */
  moveTo(jobId: string, status: string, by: string | null): Row;
}

const times: Record<string, string> = {
  "In Progress": "started_at",
  Completed: "completed_at",
  Cancelled: "cancelled_at",
};

/** Children made after the snapshot take their ids from here on. */
const firstLateChild = 50_000_000;

/** The editor of jobs: `living` finds one or refuses, `commit` makes a version. */
export function jobEditor(parts: {
  meta: Meta;
  clock: Clock;
  living: (id: string) => Row;
  commit: (row: Row) => Row;
}): JobEditor {
  const { meta, clock, living, commit } = parts;
  const lateId = (entity: string): string => idOf(meta.next(entity, firstLateChild));
  const withLines = (job: Row, lines: Child[]): Row =>
    commit({ ...job, line_items: lines, total: totalOf(job, lines) });
  return {
    addLine(jobId, line) {
      const job = living(jobId);
      const lines = childrenOf(job, "line_item");
      const next = { id: lateId("line_item"), position: lines.length + 1, ...line };
      return withLines(job, [...lines, next]);
    },
    setLine(jobId, lineId, fields) {
      const job = living(jobId);
      const lines = childrenOf(job, "line_item");
      if (!lines.some(({ id }) => id === lineId))
        throw new BodyRefused(404, `Job ${jobId} has no line ${lineId}.`);
      return withLines(
        job,
        lines.map((line) => (line.id === lineId ? { ...line, ...fields } : line)),
      );
    },
    removeLine(jobId, lineId) {
      const job = living(jobId);
      const lines = childrenOf(job, "line_item");
      const left = lines.filter(({ id }) => id !== lineId);
      if (left.length === lines.length)
        throw new BodyRefused(404, `Job ${jobId} has no line ${lineId}.`);
      return withLines(job, left);
    },
    moveTo(jobId, status, by) {
      const job = living(jobId);
      const events = childrenOf(job, "job_status_event");
      const at = iso(clock.now());
      const event = {
        id: lateId("job_status_event"),
        seq: events.length + 1,
        from: job["status"],
        to: status,
        at,
        by,
        note: null,
        origin: "history",
      };
      const time = times[status];
      const moved = {
        ...job,
        status,
        status_group: statusGroup(status),
        ...(time ? { [time]: at } : {}),
      };
      return commit({ ...moved, status_events: [...events, event] });
    },
  };
}

function totalOf(job: Row, lines: readonly Child[]): unknown {
  const money = (value: unknown): number => {
    const { amount = "0" } = (value ?? {}) as { amount?: string };
    return Math.round(Number(amount) * 100);
  };
  const { currency = null } = (job["total"] ?? {}) as { currency?: string | null };
  return { amount: decimal(lines.reduce((sum, line) => sum + money(line["total"]), 0)), currency };
}
