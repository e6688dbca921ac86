import type { IncomingMessage, ServerResponse } from "node:http";
import { BodyRefused, readJson } from "../../server/body.ts";
import { boundaryOf } from "../../server/multipart.ts";
import { faultOn } from "../../server/strike.ts";
import { answerOAuth, sessionEnded, tokenOf } from "../auth/oauth-routes.ts";
import type { Session } from "../auth/sessions.ts";
import type { AuthParts } from "../auth/token.ts";
import { baseOf, kindOf, versionOf } from "./address.ts";
import { ApiError, errorBody, notFound } from "./api-error.ts";
import type { Call, Reply, Route } from "./call.ts";
import { compositeRoute, type Dispatch } from "./composite.ts";
import { countCall } from "./limits.ts";
import { type Router, routerOf } from "./router.ts";
import { answerSoap } from "../soap/soap-routes.ts";
import { sendReply } from "./send.ts";
import { listVersions } from "./versions.ts";

const longestUri = 16_384;
const largestJson = 50 * 1024 * 1024;

/** The simulator's answer to one request. */
export type App = (req: IncomingMessage, res: ServerResponse, url: URL) => Promise<void>;

/** Puts sign-in, API counting and routes together. */
export function appOf(auth: AuthParts, routes: readonly Route[]): App {
  const router = routerOf([compositeRoute(dispatchOver(() => router)), ...routes]);
  return async (req, res, url) => {
    const path = url.pathname.replace(/^\/+/, "/").replace(/(.)\/$/, "$1");
    const target = { path, query: url.searchParams };
    let usage: Record<string, string> = {};
    try {
      const early = await withoutSession(auth, req, target);
      if (early !== undefined) return sendReply(req, res, early);
      const session = sessionOf(auth, req, target.query);
      usage = countCall(auth.org);
      await sendReply(req, res, await answer(auth, router, req, target, session), usage);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // A session that a route found ended, in the middle of an upload, is over for every call.
      if (error.code === "INVALID_SESSION_ID") auth.sessions.end(tokenOf(req, target.query));
      // What was not read of the body must be, or the client meets a reset instead of the answer.
      req.resume();
      const headers = error.status === 403 ? {} : usage;
      await sendReply(req, res, { status: error.status, json: errorBody(error) }, headers);
    }
  };
}

interface Target {
  readonly path: string;
  readonly query: URLSearchParams;
}

async function withoutSession(
  auth: AuthParts,
  req: IncomingMessage,
  target: Target,
): Promise<Reply | undefined> {
  if (Buffer.byteLength(req.url ?? "") > longestUri) {
    throw new ApiError(414, "URI_TOO_LONG", "The URI is too long");
  }
  if (target.path === "/services/data") return listVersions();
  const base = baseOf(req);
  return (await answerOAuth(auth, req, target, base)) ?? answerSoap(auth, req, target.path, base);
}

function sessionOf(auth: AuthParts, req: IncomingMessage, query: URLSearchParams): Session {
  const token = tokenOf(req, query);
  if (faultOn(req, "expire_session") !== undefined) auth.sessions.end(token);
  const session = auth.sessions.use(token);
  if (session === undefined) throw sessionEnded();
  return session;
}

async function answer(
  { org }: AuthParts,
  router: Router,
  req: IncomingMessage,
  { path, query }: Target,
  session: Session,
): Promise<Reply> {
  const { version, rest } = versionOf(path);
  const method = req.method ?? "GET";
  const { route, params } = router(method, rest, version);
  const hasBody = method !== "GET" && method !== "DELETE" && boundaryOf(req) === undefined;
  const reads = route.streams !== true && hasBody;
  const body = reads ? await bodyOf(req) : undefined;
  const base = baseOf(req);
  const { headers } = req;
  org.log.count(`calls_${kindOf(rest)}`);
  return route.handle({
    org: org.as(session.userId),
    session,
    method,
    base,
    version,
    params,
    query,
    headers,
    body,
    raw: req,
  });
}

async function bodyOf(req: IncomingMessage): Promise<unknown> {
  const type = req.headers["content-type"] ?? "";
  if (type !== "" && !/^application\/json\b/i.test(type)) {
    throw new ApiError(415, "UNSUPPORTED_MEDIA_TYPE", `Content-Type not supported: ${type}`);
  }
  try {
    return await readJson(req, { limit: largestJson });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : "The body cannot be read";
    if (cause instanceof BodyRefused && cause.status === 413) {
      throw new ApiError(413, "REQUEST_ENTITY_TOO_LARGE", message);
    }
    throw new ApiError(400, "JSON_PARSER_ERROR", message);
  }
}

/** Answers subrequests of a composite call with the same routes. */
function dispatchOver(router: () => Router): Dispatch {
  return (call: Call, method, url, body) => {
    const target = URL.parse(url, call.base);
    if (target === null) throw notFound();
    const { version, rest } = versionOf(target.pathname);
    const { route, params } = router()(method, rest, version);
    // A subrequest before it may have granted something.
    const org = call.org.as(call.session.userId);
    const inner = { ...call, org, method, version, params, query: target.searchParams, body };
    const reply = route.streams === true ? undefined : route.handle(inner);
    if (reply === undefined || reply instanceof Promise) {
      throw new ApiError(
        400,
        "INVALID_INPUT",
        "This resource is not allowed in a composite request",
      );
    }
    return reply;
  };
}
