import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Session } from "../auth/sessions.ts";
import type { Org } from "../org.ts";

/** One call as a route sees it, whether it came by itself or within a composite. */
export interface Call {
  readonly org: Org;
  readonly session: Session;
  readonly method: string;
  /** Scheme, host and port as the caller spelled them; every URL in a reply begins with it. */
  readonly base: string;
  /** API version of the address, such as 59. */
  readonly version: number;
  /** Named parts of the address, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The parsed JSON body; undefined where there is none. */
  readonly body: unknown;
  /** The request itself, for routes that read their body as it comes. */
  readonly raw: IncomingMessage | undefined;
}

/** What a route answers: JSON, text, text that is made while it is sent, or a file. */
export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly lines?: Iterable<string>;
  /** A file whose bytes are the body. */
  readonly file?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One address of the REST API below `/services/data/vXX.X`; `:name` takes a segment. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** The route reads `raw` itself. */
  readonly streams?: boolean;
  /** The answer may take several turns of the event loop; such a route cannot stand in a composite. */
  handle(call: Call): Reply | Promise<Reply>;
}

/** A JSON reply with status 200. */
export function ok(json: unknown): Reply {
  return { status: 200, json };
}

/** The path below the host at which this version's resources live. */
export function dataPath(version: number): string {
  return `/services/data/v${version.toFixed(1)}`;
}

/** A part of the address that the route's pattern guarantees. */
export function param(call: Call, name: string): string {
  return call.params[name] ?? "";
}
