import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { BodyRefused, readJson } from "./body.ts";
import type { Clock } from "./clock.ts";
import { faultPlan } from "./fault-plan.ts";
import type { Faults } from "./faults.ts";
import { sendJson, sendText } from "./reply.ts";
import type { RequestLog } from "./request-log.ts";

/** One address of the admin port; `path` is what follows `/__simulator/`, a trailing `/*` takes one more segment. */
export interface AdminRoute {
  readonly method: "GET" | "POST" | "DELETE" | "PUT";
  readonly path: string;
  handle(call: AdminCall): unknown;
}

/** What an admin route gets; what it returns is sent as JSON, unless it answered itself and returned `answered`. */
export interface AdminCall {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly query: URLSearchParams;
  /** What stood in place of `*`. */
  readonly rest: string;
  /** The body, checked; throws `BodyRefused` (400) that names the wrong field. */
  body<T>(schema: z.ZodType<T>): Promise<T>;
}

/** Returned by an admin route that has written its own reply. */
export const answered = Symbol("answered");

const moveClock = z.union([
  z.strictObject({ advance_ms: z.int() }),
  z.strictObject({ at: z.iso.datetime({ offset: true }) }),
]);

/** The admin routes every simulator has: clock, faults, counters, requests. */
export function sharedRoutes(parts: {
  clock: Clock;
  faults: Faults;
  log: RequestLog;
}): AdminRoute[] {
  const { clock, faults, log } = parts;
  const time = () => ({ now: new Date(clock.now()).toISOString(), offset_ms: clock.offsetMs() });
  return [
    { method: "GET", path: "clock", handle: time },
    {
      method: "POST",
      path: "clock",
      async handle(call) {
        const move = await call.body(moveClock);
        if ("at" in move) clock.setTo(Date.parse(move.at));
        else clock.advance(move.advance_ms);
        return time();
      },
    },
    { method: "GET", path: "faults", handle: () => ({ rules: faults.list() }) },
    {
      method: "POST",
      path: "faults",
      handle: async (call) => ({ ids: faults.add(await call.body(faultPlan)) }),
    },
    {
      method: "DELETE",
      path: "faults",
      handle: () => (faults.remove(), { rules: faults.list() }),
    },
    {
      method: "DELETE",
      path: "faults/*",
      handle: (call) => (faults.remove(call.rest), { rules: faults.list() }),
    },
    { method: "GET", path: "counters", handle: () => log.counters() },
    { method: "DELETE", path: "counters", handle: () => (log.clear(), log.counters()) },
    {
      method: "GET",
      path: "requests",
      handle: ({ query }) => ({
        requests: log.list(Number(query.get("since") ?? 0), Number(query.get("limit") ?? 2_000)),
      }),
    },
  ];
}

/** Answers one call to the admin port. */
export async function answerAdmin(
  routes: readonly AdminRoute[],
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> {
  const path = url.pathname.slice("/__simulator".length).replace(/^\/|\/$/g, "");
  for (const route of routes) {
    const rest = route.method === req.method ? restOf(route.path, path) : undefined;
    if (rest === undefined) continue;
    const body = async <T>(schema: z.ZodType<T>): Promise<T> =>
      checked(schema, await readJson(req));
    const result = await route.handle({ req, res, query: url.searchParams, rest, body });
    if (result !== answered) sendJson(res, 200, result ?? {});
    return;
  }
  const known = [...new Set(routes.map((route) => `${route.method} ${route.path}`))].join("\n");
  sendText(res, 404, `No such admin address: ${req.method} ${path}. There are:\n${known}\n`);
}

function restOf(pattern: string, path: string): string | undefined {
  if (!pattern.endsWith("/*")) return pattern === path ? "" : undefined;
  const prefix = pattern.slice(0, -1);
  const rest = path.startsWith(prefix) ? path.slice(prefix.length) : "";
  return rest === "" ? undefined : decodeURIComponent(rest);
}

function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BodyRefused(400, z.prettifyError(parsed.error));
}
