import { BodyRefused } from "../../server/body.ts";
import type { Clock } from "../../server/clock.ts";
import { storedFileOf } from "../files/stored-file.ts";
import { iso } from "../generate/world.ts";
import type { Ledger } from "../truth/ledger.ts";
import type { View } from "../truth/view.ts";
import type { Meta } from "../truth/meta.ts";
import type { Entity, Row } from "../truth/row.ts";
import { withReferences } from "../truth/references.ts";
import { type JobEditor, jobEditor } from "./job-editor.ts";

/** What a person at the tenant can do to a record; each is one committed version. */
export interface Editor extends JobEditor {
  create(entity: Entity, row: Record<string, unknown> & { id: string }): Row;
  set(entity: Entity, id: string, fields: Record<string, unknown>): Row;
  /** Deletes with a trace in the feed, or (`trace: false`) without one; what hangs on the record goes with it. */
  remove(entity: Entity, id: string, options?: RemoveOptions): Row;
  /** Brings a record back, and what went with it. */
  revive(entity: Entity, id: string): Row;
  /** Puts other bytes under an attachment's id. */
  newBytes(id: string): Row;
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

/** The editor of a ledger; it throws `BodyRefused` (404, 409) for what cannot be done. */
export function editorOf(parts: { ledger: Ledger; view: View; meta: Meta; clock: Clock }): Editor {
  const { ledger, view, meta, clock } = parts;
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

  const editor: Editor = {
    visibilityLagMs: 0,
    ...jobEditor({
      meta,
      clock,
      living: (id) => living("job", id),
      commit: (row) => commit("job", row),
    }),
    create(entity, row) {
      if (ledger.newest(entity, row.id)?.kind === "alive")
        throw new BodyRefused(409, `${entity} ${row.id} exists already.`);
      const at = iso(clock.now());
      const whole = { created_at: at, updated_at: at, active: true, ...row };
      return commit(entity, withReferences(ledger, entity, whole));
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
    newBytes(id) {
      const row = living("attachment", id);
      const file = storedFileOf(row);
      const size = file.size + 777;
      const content = (file.content + 1) % 2 ** 31;
      return commit("attachment", { ...row, size, file: { ...file, size, content } });
    },
  };
  return editor;
}
