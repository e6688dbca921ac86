import { randomUUID } from "node:crypto";
import { joined, type LateText } from "./late-text.ts";

/** One HTTP request within a batch. */
export interface BatchRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the API's root. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string | LateText;
}

/** A request with the id its answer is to carry. */
export interface NumberedRequest extends BatchRequest {
  readonly contentId: string;
}

/** Requests of one batch: alone, or as a change set, which is done whole or not at all. */
export type BatchPart = NumberedRequest | readonly NumberedRequest[];

/** One answer within a batch. */
export interface PartReply {
  readonly contentId: string | null;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Where requests of a batch are addressed to. */
const root = "/api/data/v9.2/";
const eol = "\r\n";

type Piece = string | LateText;

/** A batch as it leaves: its content type and its text. */
export function batchText(parts: readonly BatchPart[]): {
  readonly contentType: string;
  readonly body: LateText;
} {
  const mark = `batch_${randomUUID()}`;
  const pieces = parts.flatMap((part) => [`--${mark}${eol}`, ...partText(part)]);
  const body = joined([...pieces, `--${mark}--${eol}`]);
  return { contentType: `multipart/mixed; boundary=${mark}`, body };
}

function partText(part: BatchPart): readonly Piece[] {
  if (!Array.isArray(part)) return requestText(part as NumberedRequest);
  const mark = `changeset_${randomUUID()}`;
  return [
    `Content-Type: multipart/mixed; boundary=${mark}${eol}${eol}`,
    ...part.flatMap((one: NumberedRequest) => [`--${mark}${eol}`, ...requestText(one)]),
    `--${mark}--${eol}`,
  ];
}

function requestText(request: NumberedRequest): readonly Piece[] {
  const { method, path, headers = {}, body, contentId } = request;
  const type: Record<string, string> =
    body === undefined ? {} : { "Content-Type": "application/json" };
  const said = Object.entries({ Accept: "application/json", ...type, ...headers });
  const head = [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    `Content-ID: ${contentId}`,
    "",
    `${method} ${root}${path} HTTP/1.1`,
    ...said.map(([name, value]) => `${name}: ${value}`),
    "",
    "",
  ].join(eol);
  return [head, body ?? "", eol];
}

/** The answers of a batch, in its order: one for a request alone, several for a change set that was done. */
export function batchReplies(contentType: string, body: string): (readonly PartReply[])[] {
  return partsOf(contentType, body).map(({ headers, body: inner }) => {
    const type = headers["content-type"] ?? "";
    if (!isMultipart(type)) return [replyOf(headers, inner)];
    return partsOf(type, inner).map((one) => replyOf(one.headers, one.body));
  });
}

/** Whether a reply is a batch's: it is refused as a whole otherwise. */
export function isMultipart(contentType: string): boolean {
  return /^\s*multipart\/mixed/i.test(contentType);
}

interface Headed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function partsOf(contentType: string, text: string): Headed[] {
  const mark = /boundary\s*=\s*"?([^";\s]+)"?/i.exec(contentType)?.[1];
  if (mark === undefined) return [];
  const parts: Headed[] = [];
  let begun = -1;
  for (const { at, end, last } of marks(text, `--${mark}`)) {
    if (begun >= 0) parts.push(headed(text.slice(begun, at)));
    begun = last ? -1 : end;
  }
  // A part without an end was cut off: nothing is known of it.
  return parts;
}

/** Boundaries: they stand alone on a line, so that a longer one that begins alike is another. */
function* marks(text: string, mark: string): Generator<{ at: number; end: number; last: boolean }> {
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    if (at > 0 && text[at - 1] !== "\n") continue;
    const rest = /^(--)?[ \t]*(?:\r?\n|$)/.exec(text.slice(at + mark.length, at + mark.length + 8));
    if (rest === null) continue;
    yield { at, end: at + mark.length + rest[0].length, last: rest[1] !== undefined };
  }
}

function headed(text: string): Headed {
  const blank = /\r?\n\r?\n/.exec(text);
  const head = blank === null ? text : text.slice(0, blank.index);
  const headers: Record<string, string> = {};
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body: blank === null ? "" : text.slice(blank.index + blank[0].length) };
}

function replyOf(outer: Headed["headers"], text: string): PartReply {
  const line = /^\s*HTTP\/[\d.]+[ \t]+(\d{3})[^\n]*\n?/.exec(text);
  const inner = headed(text.slice(line?.[0].length ?? 0));
  return {
    contentId: outer["content-id"] ?? inner.headers["content-id"] ?? null,
    status: Number(line?.[1] ?? 0),
    headers: inner.headers,
    body: inner.body.trim(),
  };
}
