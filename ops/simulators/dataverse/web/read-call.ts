import type { IncomingMessage } from "node:http";
import { readBody } from "../../server/body.ts";
import { actingOf } from "../auth/caller.ts";
import type { Caller, Environment } from "../environment.ts";
import { apiPath, queryOf, segmentsOf } from "./address.ts";
import { ApiError, badQuery } from "./api-error.ts";
import type { Call } from "./call.ts";
import { preferencesOf } from "./preferences.ts";

const largestBody = 128 * 1024 * 1024;

/** Reads a request as a call, its body still as bytes; throws 404 outside the API. */
export async function readCall(
  env: Environment,
  req: IncomingMessage,
  from: { readonly app: Caller; readonly origin: string },
): Promise<{ call: Call; isBatch: boolean; body: Buffer }> {
  const { app, origin } = from;
  const [path = "", ...query] = (req.url ?? "").split("?");
  const found = apiPath(path);
  if (found === undefined) {
    const said = `No HTTP resource was found that matches the request URI '${origin}${path}'.`;
    throw new ApiError(404, "", said);
  }
  const rawQuery = query.join("?");
  const call: Call = {
    env,
    caller: actingOf(env, app, req.headers),
    method: req.method ?? "GET",
    segments: segmentsOf(found.rest),
    query: queryOf(rawQuery),
    rawQuery,
    headers: req.headers,
    prefer: preferencesOf(req.headers),
    body: undefined,
    origin,
    base: `${origin}/api/data/${found.version}`,
    inBatch: false,
  };
  const body = await readBody(req, { limit: largestBody });
  return { call, isBatch: found.rest === "$batch", body };
}

/** The body of a call: JSON, or bytes where a file column is sent. */
export function bodyOf(req: IncomingMessage, body: Buffer): unknown {
  return isFile(req) ? body : jsonOf(body);
}

/** Whether the body is the bytes of a file column, not JSON. */
function isFile({ method, headers }: IncomingMessage): boolean {
  return method === "PATCH" && ("content-range" in headers || "x-ms-file-name" in headers);
}

function jsonOf(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const text = body.toString("utf8");
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badQuery("An error occurred while reading the JSON of the request.");
  }
}
