import { BodyRefused } from "../../server/body.ts";
import type { Clock } from "../../server/clock.ts";
import { storedFileOf } from "../files/stored-file.ts";
import { decimal } from "../generate/line-items.ts";
import { statusGroup } from "../generate/status.ts";
import { idOf, iso } from "../generate/world.ts";
import type { Ledger } from "../truth/ledger.ts";
import type { View } from "../truth/view.ts";
import type { Meta } from "../truth/meta.ts";
import { type Child, childrenOf, type Entity, type Row } from "../truth/row.ts";

/** What a person at the tenant can do to a record; each is one committed version. */
export interface Editor {
  create(entity: Entity, row: Record<string, unknown> & { id: string }): Row;
  set(entity: Entity, id: string, fields: Record<string, unknown>): Row;
  /** Deletes with a trace in the feed, or (`trace: false`) without one; what hangs on the record goes with it. */
  remove(entity: Entity, id: string, options?: RemoveOptions): Row;
  /** Brings a record back, and what went with it. */
  revive(entity: Entity, id: string): Row;
  addLine(jobId: string, line: Record<string, unknown>): Row;
  setLine(jobId: string, lineId: string, fields: Record<string, unknown>): Row;
  removeLine(jobId: string, lineId: string): Row;
  /** Puts other bytes under an attachment's id. */
  newBytes(id: string): Row;
  /** Moves a job to a status, with its event and its time. */
  moveTo(jobId: string, status: string, by: string | null): Row;
  /** How long later versions stay unseen after their commit. */
  visibilityLagMs: number;
}

/** How a record is deleted. */
export interface RemoveOptions {
  readonly trace?: boolean;
  readonly mergedInto?: string;
  /** Leaves what hangs on it behind, as orphans. */
  readonly leaveChildren?: boolean;
  /** What it goes with, so that it comes back with it. */
  readonly goesWith?: string;
}

const times: Record<string, string> = {
  "In Progress": "started_at",
  Completed: "completed_at",
  Cancelled: "cancelled_at",
};

/** Children made after the snapshot take their ids from here on. */
const firstLateChild = 50_000_000;

/** The editor of a ledger; it throws `BodyRefused` (404, 409) for what cannot be done. */
export function editorOf(parts: { ledger: Ledger; view: View; meta: Meta; clock: Clock }): Editor {
  const { ledger, view, meta, clock } = parts;
  const lateId = (entity: string): string => idOf(meta.next(entity, firstLateChild));

  const commit = (entity: Entity, row: Row, kind: "alive" | "deleted" | "gone" = "alive"): Row => {
    const commitAt = clock.now();
    const died = kind === "alive" ? {} : { deleted_at: iso(commitAt) };
    const stamped = { ...row, ...died, updated_at: iso(commitAt) };
    ledger.append(entity, stamped, {
      kind,
      commitAt,
      visibleAt: commitAt + editor.visibilityLagMs,
    });
    return stamped;
  };

  const living = (entity: Entity, id: string): Row => {
    const version = ledger.newest(entity, id);
    if (version === undefined) throw new BodyRefused(404, `There is no ${entity} ${id}.`);
    if (version.kind !== "alive")
      throw new BodyRefused(409, `${entity} ${id} is deleted; revive it first.`);
    return version.row;
  };

  /** What was deleted before its parent stays deleted when that comes back. */
  const wentWith = (child: { entity: Entity; id: string }, parent: string): boolean =>
    ledger.newest(child.entity, child.id)?.row["deleted_with"] === parent;

  const withLines = (job: Row, lines: Child[]): Row =>
    commit("job", { ...job, line_items: lines, total: totalOf(job, lines) });

  const editor: Editor = {
    visibilityLagMs: 0,
    create(entity, row) {
      if (ledger.newest(entity, row.id)?.kind === "alive")
        throw new BodyRefused(409, `${entity} ${row.id} exists already.`);
      const at = iso(clock.now());
      return commit(entity, { created_at: at, updated_at: at, active: true, ...row });
    },
    set: (entity, id, fields) => commit(entity, { ...living(entity, id), ...fields, id }),
    remove(entity, id, options = {}) {
      const { trace = true, mergedInto, goesWith } = options;
      const { leaveChildren = mergedInto !== undefined } = options;
      const row = { ...living(entity, id), active: false };
      const merged = mergedInto === undefined ? {} : { merged_into_id: mergedInto };
      const together = goesWith === undefined ? {} : { deleted_with: goesWith };
      return ledger.together(() => {
        for (const child of leaveChildren ? [] : view.owned(entity, id))
          if (child.kind === "alive")
            editor.remove(child.entity, child.id, { trace, goesWith: `${entity}:${id}` });
        return commit(entity, { ...row, ...merged, ...together }, trace ? "deleted" : "gone");
      });
    },
    revive(entity, id) {
      const version = ledger.newest(entity, id);
      if (version === undefined) throw new BodyRefused(404, `There is no ${entity} ${id}.`);
      if (version.kind === "alive") throw new BodyRefused(409, `${entity} ${id} is not deleted.`);
      const { deleted_at: _at, merged_into_id: _into, deleted_with: _with, ...row } = version.row;
      return ledger.together(() => {
        const back = commit(entity, { ...row, active: true });
        for (const child of view.owned(entity, id))
          if (child.kind !== "alive" && wentWith(child, `${entity}:${id}`))
            editor.revive(child.entity, child.id);
        return back;
      });
    },
    addLine(jobId, line) {
      const job = living("job", jobId);
      const lines = childrenOf(job, "line_item");
      const next = { id: lateId("line_item"), position: lines.length + 1, ...line };
      return withLines(job, [...lines, next]);
    },
    setLine(jobId, lineId, fields) {
      const job = living("job", jobId);
      const lines = childrenOf(job, "line_item");
      if (!lines.some(({ id }) => id === lineId))
        throw new BodyRefused(404, `Job ${jobId} has no line ${lineId}.`);
      return withLines(
        job,
        lines.map((line) => (line.id === lineId ? { ...line, ...fields } : line)),
      );
    },
    removeLine(jobId, lineId) {
      const job = living("job", jobId);
      const lines = childrenOf(job, "line_item");
      const left = lines.filter(({ id }) => id !== lineId);
      if (left.length === lines.length)
        throw new BodyRefused(404, `Job ${jobId} has no line ${lineId}.`);
      return withLines(job, left);
    },
    newBytes(id) {
      const row = living("attachment", id);
      const file = storedFileOf(row);
      const size = file.size + 777;
      const content = (file.content + 1) % 2 ** 31;
      return commit("attachment", { ...row, size, file: { ...file, size, content } });
    },
    moveTo(jobId, status, by) {
      const job = living("job", jobId);
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
      return commit("job", { ...moved, status_events: [...events, event] });
    },
  };
  return editor;
}

function totalOf(job: Row, lines: readonly Child[]): unknown {
  const money = (value: unknown): number => {
    const { amount = "0" } = (value ?? {}) as { amount?: string };
    return Math.round(Number(amount) * 100);
  };
  const { currency = null } = (job["total"] ?? {}) as { currency?: string | null };
  return { amount: decimal(lines.reduce((sum, line) => sum + money(line["total"]), 0)), currency };
}
