import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { type AdminRoute, answered } from "../server/admin.ts";
import { BodyRefused } from "../server/body.ts";
import type { Dispatcher } from "./dispatcher/dispatcher.ts";
import type { Editor } from "./dispatcher/editor.ts";
import type { Live } from "./dispatcher/live.ts";
import type { RateWindow } from "./rate-limit.ts";
import { childFields, entities, type Row } from "./truth/row.ts";
import { sendTruth } from "./truth/truth-lines.ts";
import type { View } from "./truth/view.ts";

const entity = z.enum(entities);
const fields = z.record(z.string(), z.unknown());
const target = { entity, id: z.string() };

/** What `POST change` can do to one record. */
const change = z.union([
  z.strictObject({ ...target, set: fields }),
  z.strictObject({ ...target, delete: z.literal(true) }),
  z.strictObject({ ...target, hard_delete: z.literal(true) }),
  z.strictObject({ ...target, revive: z.literal(true) }),
  z.strictObject({ ...target, merge_into: z.string() }),
  z.strictObject({ ...target, move_to: z.string(), by: z.string().nullable().default(null) }),
  z.strictObject({ ...target, add_line: fields }),
  z.strictObject({ ...target, remove_line: z.string() }),
  z.strictObject({ ...target, set_line: z.string(), set: fields }),
]);

const create = z.strictObject({ entity, row: z.looseObject({ id: z.string().min(1) }) });
const tick = z.strictObject({ changes: z.int().min(1).max(100_000) });
const start = z.strictObject({
  rate: z.number().min(0).max(1_000),
  seconds: z.number().positive().nullable().default(null),
});
const settings = z.strictObject({
  rate_limit: z
    .strictObject({ count: z.int().positive(), interval_ms: z.int().positive() })
    .optional(),
  visibility_lag_ms: z.int().min(0).optional(),
});

/** What the admin routes of this simulator work on. */
export interface AdminParts {
  readonly db: DatabaseSync;
  readonly view: View;
  readonly editor: Editor;
  readonly dispatcher: Dispatcher;
  readonly live: Live;
  readonly window: RateWindow;
}

/** The admin routes of Q Dispatch: truth, planted realities, changes by hand and by the dispatchers. */
export function adminRoutes(parts: AdminParts): AdminRoute[] {
  const { db, view, editor, dispatcher, live, window } = parts;
  const state = () => ({ rate: live.rate(), ...dispatcher.state() });
  return [
    {
      method: "GET",
      path: "truth/*",
      async handle({ res, rest, query }) {
        if (!(entities as readonly string[]).includes(rest) && !(rest in childFields))
          throw new BodyRefused(
            404,
            `There is no entity ${rest}; there are ${[...entities, ...Object.keys(childFields)].join(", ")}.`,
          );
        await sendTruth(res, view, rest, query.get("full") === "1");
        return answered;
      },
    },
    { method: "GET", path: "planted", handle: ({ query }) => planted(db, query.get("kind")) },
    {
      method: "POST",
      path: "tick",
      handle: async (call) => dispatcher.tick((await call.body(tick)).changes),
    },
    { method: "GET", path: "dispatcher", handle: state },
    {
      method: "POST",
      path: "dispatcher",
      async handle(call) {
        const { rate, seconds } = await call.body(start);
        if (rate === 0) live.stop();
        else live.start(rate, seconds);
        return state();
      },
    },
    {
      method: "POST",
      path: "change",
      handle: async (call) => applied(editor, await call.body(change)),
    },
    {
      method: "POST",
      path: "create",
      async handle(call) {
        const wanted = await call.body(create);
        return editor.create(wanted.entity, wanted.row);
      },
    },
    {
      method: "POST",
      path: "settings",
      async handle(call) {
        const { rate_limit, visibility_lag_ms } = await call.body(settings);
        if (rate_limit)
          [window.count, window.intervalMs] = [rate_limit.count, rate_limit.interval_ms];
        if (visibility_lag_ms !== undefined) editor.visibilityLagMs = visibility_lag_ms;
        return { rate_limit: window, visibility_lag_ms: editor.visibilityLagMs };
      },
    },
  ];
}

function applied(editor: Editor, wanted: z.infer<typeof change>): Row {
  const { entity: of, id } = wanted;
  if ("set_line" in wanted) return editor.setLine(id, wanted.set_line, wanted.set);
  if ("set" in wanted) return editor.set(of, id, wanted.set);
  if ("delete" in wanted) return editor.remove(of, id);
  if ("hard_delete" in wanted) return editor.remove(of, id, { trace: false });
  if ("revive" in wanted) return editor.revive(of, id);
  if ("merge_into" in wanted) return editor.remove(of, id, { mergedInto: wanted.merge_into });
  if ("move_to" in wanted) return editor.moveTo(id, wanted.move_to, wanted.by);
  if ("add_line" in wanted) return editor.addLine(id, wanted.add_line);
  return editor.removeLine(id, wanted.remove_line);
}

function planted(db: DatabaseSync, kind: string | null): unknown {
  if (kind !== null)
    return db
      .prepare("SELECT entity, id FROM planted WHERE kind = ? ORDER BY entity, id")
      .all(kind);
  const rows = db
    .prepare("SELECT kind, count(*) AS n FROM planted GROUP BY kind ORDER BY kind")
    .all();
  return Object.fromEntries(
    (rows as { kind: string; n: number }[]).map(({ kind: name, n }) => [name, n]),
  );
}
