import type { IncomingMessage } from "node:http";
import { notFound } from "./api-error.ts";
import { versions } from "./versions.ts";

const versioned = /^\/services\/data\/v(\d{2})\.0(\/.*)?$/;

/** The API version of a path and what follows it; throws 404 for what is no address of the REST API. */
export function versionOf(path: string): { version: number; rest: string } {
  const match = versioned.exec(path);
  const version = Number(match?.[1] ?? 0);
  if (match === null || version < versions.oldest || version > versions.newest) throw notFound();
  return { version, rest: match[2] ?? "" };
}

/** Scheme, host and port as the caller spelled them. */
export function baseOf(req: IncomingMessage): string {
  const scheme = "encrypted" in req.socket ? "https" : "http";
  return `${scheme}://${req.headers.host ?? "127.0.0.1"}`;
}

/** The kind a call is counted under, such as `query` or `composite_sobjects`. */
export function kindOf(rest: string): string {
  const [, first = "resources", second] = rest.split("/");
  const isPair = first === "jobs" || (first === "composite" && second === "sobjects");
  return isPair && second !== undefined ? `${first}_${second}` : first;
}
