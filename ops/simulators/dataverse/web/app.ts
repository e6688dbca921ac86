import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";
import { setTimeout as delay } from "node:timers/promises";
import { BodyRefused } from "../../server/body.ts";
import { faultOn } from "../../server/strike.ts";
import { disableUser } from "../admin/users.ts";
import { appUserOf } from "../auth/caller.ts";
import type { AuthParts } from "../auth/auth-parts.ts";
import { answerSignIn } from "../auth/token-routes.ts";
import { batchReply } from "../batch/batch-reply.ts";
import type { Caller } from "../environment.ts";
import type { Extension } from "../extension.ts";
import { affinityOf } from "../limits/affinity.ts";
import { costOf } from "../limits/execution.ts";
import type { LimitName, ServiceProtection } from "../limits/service-protection.ts";
import { ApiError } from "./api-error.ts";
import type { Reply } from "./call.ts";
import { dispatch } from "./dispatch.ts";
import { errorReply } from "./error-reply.ts";
import { preferencesOf } from "./preferences.ts";
import { bodyOf, readCall } from "./read-call.ts";
import { sendReply } from "./send.ts";

const longestUrl = 32_768;

/** The simulator's answer to one request. */
export type App = (req: IncomingMessage, res: ServerResponse, url: URL) => Promise<void>;

/** What the app needs beside the sign-in. */
export interface AppParts extends AuthParts {
  readonly limits: ServiceProtection;
  readonly extensions: readonly Extension[];
}

/** Puts sign-in, limits and the Web API together. */
export function appOf(parts: AppParts): App {
  const affinity = affinityOf();
  return async (req, res, url) => {
    const origin = originOf(req);
    const signIn = await answerSignIn(parts, req, url.pathname, origin);
    if (signIn !== undefined) return sendReply(res, signIn);
    const { server, setCookie } = affinity(
      req.headers.cookie,
      parts.env.settings.current().limits.servers,
    );
    const cookie = setCookie === undefined ? {} : { "Set-Cookie": setCookie };
    const heard = { prefer: preferencesOf(req.headers) };
    try {
      const { reply, headers } = await answer(parts, req, { origin, server });
      sendReply(res, reply, { ...cookie, ...headers });
    } catch (error) {
      const known = apiErrorOf(error);
      // What was not read of the body must be, or the client meets a reset instead of the answer.
      req.resume();
      if (known.code === "empty")
        sendReply(res, { status: known.status, headers: known.headers }, cookie);
      else sendReply(res, errorReply(heard, known), cookie);
    }
  };
}

function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof BodyRefused && error.status === 413) {
    return new ApiError(413, "0x8004418a", "The request message is larger than the service takes.");
  }
  throw error;
}

/** Scheme, host and port as the client called them: links in answers must begin like that. */
function originOf(req: IncomingMessage): string {
  const scheme = req.socket instanceof TLSSocket ? "https" : "http";
  return `${scheme}://${req.headers.host ?? "127.0.0.1"}`;
}

interface Place {
  readonly origin: string;
  readonly server: number;
}

async function answer(
  parts: AppParts,
  req: IncomingMessage,
  place: Place,
): Promise<{ reply: Reply; headers: Record<string, string> }> {
  const { env, limits } = parts;
  if ((req.url ?? "").length > longestUrl)
    throw new ApiError(414, "0x80060888", "The request URI is too long.");
  const app = appUserOf(parts, req, place.origin);
  refuseByPlan(parts, req, app, place.server);
  const admission = limits.enter(app.userId, place.server);
  // What is refused costs its share, too.
  let cost = env.settings.current().execution.requestMs;
  try {
    const leaving = faultOn(req, "disable_user") as { email?: string } | undefined;
    if (leaving?.email !== undefined) disableUser(env, app, leaving.email);
    for (const extension of parts.extensions) extension.tick?.(env);
    const begun = performance.now();
    const reply = await answerCall(parts, req, app, place.origin);
    cost = costOf(env, reply);
    // What the work itself took is a part of what it costs.
    const left = cost - (performance.now() - begun);
    const real = env.settings.current().execution.real ? left : 0;
    const wait = Math.max(real, reply.holdMs ?? 0);
    if (wait > 0) await delay(wait);
    return { reply, headers: admission.headers(cost) };
  } finally {
    admission.leave(cost);
  }
}

function refuseByPlan(
  { limits }: AppParts,
  req: IncomingMessage,
  app: Caller,
  server: number,
): void {
  const fault = faultOn(req, "throttle");
  if (fault === undefined) return;
  const { limit = "requests", seconds = 1 } = fault as { limit?: LimitName; seconds?: number };
  req.resume();
  throw limits.refuse(app.userId, server, limit, seconds);
}

async function answerCall(
  parts: AppParts,
  req: IncomingMessage,
  app: Caller,
  origin: string,
): Promise<Reply> {
  const { call, isBatch, body } = await readCall(parts.env, req, { app, origin });
  if (!isBatch) return dispatch({ ...call, body: bodyOf(req, body) });
  if (call.method !== "POST") throw new ApiError(405, "0x80060888", "A batch is sent by POST.");
  return batchReply(call, body.toString("utf8"));
}
