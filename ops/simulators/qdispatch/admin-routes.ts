import { z } from "zod";
import { type AdminRoute, answered } from "../server/admin.ts";
import { BodyRefused } from "../server/body.ts";
import type { Dispatcher } from "./dispatcher/dispatcher.ts";
import type { Editor } from "./dispatcher/editor.ts";
import type { Live } from "./dispatcher/live.ts";
import type { FileAddresses } from "./files/signed-address.ts";
import { planted } from "./planted/planted.ts";
import type { RateWindow } from "./rate-limit.ts";
import { entities, truthNames } from "./truth/row.ts";
import { sendTruth } from "./truth/truth-lines.ts";
import type { View } from "./truth/view.ts";

const entity = z.enum(entities);
const fields = z.record(z.string(), z.unknown());
const target = { entity, id: z.string() };

/** Whether the children of what is deleted stay behind. */
const leave = z.boolean().default(false);

/** What `POST change` can do to one record. */
const change = z.union([
  z.strictObject({ ...target, set: fields }),
  z.strictObject({ ...target, delete: z.literal(true), leave_children: leave }),
  z.strictObject({ ...target, hard_delete: z.literal(true), leave_children: leave }),
  z.strictObject({ entity: z.literal("attachment"), id: z.string(), new_bytes: z.literal(true) }),
  z.strictObject({ entity: z.literal("attachment"), id: z.string(), expire_url: z.literal(true) }),
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
  url_life_ms: z.int().min(0).optional(),
});

/** What the admin routes of this simulator work on. */
export interface AdminParts {
  readonly view: View;
  readonly editor: Editor;
  readonly dispatcher: Dispatcher;
  readonly live: Live;
  readonly window: RateWindow;
  readonly addresses: FileAddresses;
}

/** The admin routes of Q Dispatch: truth, planted realities, changes by hand and by the dispatchers. */
export function adminRoutes(parts: AdminParts): AdminRoute[] {
  const { view, editor, addresses, dispatcher, live, window } = parts;
  const state = () => ({ rate: live.rate(), ...dispatcher.state() });
  return [
    {
      method: "GET",
      path: "truth/*",
      async handle({ res, rest, query }) {
        if (!truthNames.includes(rest))
          throw new BodyRefused(
            404,
            `There is no entity ${rest}; there are ${truthNames.join(", ")}.`,
          );
        await sendTruth(res, view, rest, query.get("full") === "1");
        return answered;
      },
    },
    { method: "GET", path: "planted", handle: () => planted(view) },
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
      handle: async (call) => applied(parts, await call.body(change)),
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
        const { rate_limit, visibility_lag_ms, url_life_ms } = await call.body(settings);
        if (rate_limit)
          [window.count, window.intervalMs] = [rate_limit.count, rate_limit.interval_ms];
        if (visibility_lag_ms !== undefined) editor.visibilityLagMs = visibility_lag_ms;
        if (url_life_ms !== undefined) addresses.lifeMs = url_life_ms;
        return {
          rate_limit: window,
          visibility_lag_ms: editor.visibilityLagMs,
          url_life_ms: addresses.lifeMs,
        };
      },
    },
  ];
}

function applied({ editor, addresses }: AdminParts, wanted: z.infer<typeof change>): unknown {
  const { entity: of, id } = wanted;
  if ("expire_url" in wanted) return addresses.expire(id);
  if ("new_bytes" in wanted) return editor.newBytes(id);
  if ("set_line" in wanted) return editor.setLine(id, wanted.set_line, wanted.set);
  if ("set" in wanted) return editor.set(of, id, wanted.set);
  if ("leave_children" in wanted) {
    const { leave_children: leaveChildren } = wanted;
    return editor.remove(of, id, { trace: "delete" in wanted, leaveChildren });
  }
  if ("revive" in wanted) return editor.revive(of, id);
  if ("merge_into" in wanted) return editor.remove(of, id, { mergedInto: wanted.merge_into });
  if ("move_to" in wanted) return editor.moveTo(id, wanted.move_to, wanted.by);
  if ("add_line" in wanted) return editor.addLine(id, wanted.add_line);
  return editor.removeLine(id, wanted.remove_line);
}
