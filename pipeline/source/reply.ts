import { type LosslessJson, parseLossless } from "./lossless-json.ts";
import { compilePath, type JsonPath } from "./json-path.ts";
import type { actions, SourceSettings } from "./source-schema.ts";

/** One of the error handler's actions. */
export type Action = (typeof actions)[number];

/** An answer of the source, read whole. */
export interface Reply {
  readonly status: number;
  header(name: string): string | undefined;
  /** How long the body is, in characters. */
  readonly size: number;
  /** Undefined where the body is no JSON. */
  readonly json: LosslessJson | undefined;
  /** When its request was started, by our clock. */
  readonly requestedAt: number;
  /** The server's clock when its request was started; the watermark is made of it. */
  readonly serverTime: number;
}

/** Reads a header by its name, in whatever case. */
export function headerOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): (name: string) => string | undefined {
  return (name) => {
    const value = headers[name.toLowerCase()];
    return Array.isArray(value) ? value[0] : value;
  };
}

/** Puts together what was received. The Date header stands at the reply's end, so the way there and back is taken off. */
export function replyOf(parts: {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  requestedAt: number;
  receivedAt: number;
}): Reply {
  const { headers, requestedAt, receivedAt } = parts;
  const header = headerOf(headers);
  const date = Date.parse(header("date") ?? "");
  const serverTime = (Number.isNaN(date) ? receivedAt : date) - (receivedAt - requestedAt);
  const { status, text } = parts;
  return { status, header, size: text.length, json: jsonOf(text), requestedAt, serverTime };
}

function jsonOf(text: string): LosslessJson | undefined {
  try {
    return parseLossless(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What a reply means, by the profile's filters in their order, else by its status. */
export function actionOf(settings: SourceSettings["error_handler"]): (reply: Reply) => Action {
  const filters = settings.response_filters.map((filter) => ({
    ...filter,
    path: filter.body_path === undefined ? undefined : compilePath(filter.body_path),
  }));
  return (reply) => filters.find((filter) => matches(filter, reply))?.action ?? byStatus(reply);
}

interface Filter {
  readonly http_codes?: readonly number[] | undefined;
  readonly content_type_not?: string | undefined;
  readonly path?: JsonPath | undefined;
  readonly equals?: string | number | boolean | undefined;
}

function matches({ http_codes, content_type_not, path, equals }: Filter, reply: Reply): boolean {
  if (http_codes !== undefined && !http_codes.includes(reply.status)) return false;
  if (content_type_not !== undefined) {
    const type = reply.header("content-type")?.split(";")[0]?.trim();
    if (type === content_type_not) return false;
  }
  if (path === undefined) return true;
  const found = path(reply.json?.value);
  return equals === undefined ? found !== undefined && found !== null : found === equals;
}

function byStatus({ status, json }: Reply): Action {
  // An empty or cut-off body is never "no more rows".
  if (status >= 200 && status < 300) return json === undefined ? "RETRY" : "SUCCESS";
  if (status === 404) return "SUCCESS";
  if (status === 401) return "REFRESH_TOKEN_THEN_RETRY";
  if (status === 429) return "RATE_LIMITED";
  return status === 408 || status >= 500 ? "RETRY" : "FAIL";
}
