import { badQuery } from "../web/api-error.ts";

/** One HTTP request within a batch. */
export interface BatchRequest {
  readonly contentId: string | undefined;
  readonly method: string;
  /** As written: absolute, from the host's root, relative, or beginning with `$1`. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One part of a batch: a request, or a change set of several. */
export type BatchPart =
  | { readonly kind: "request"; readonly request: BatchRequest }
  | { readonly kind: "changeset"; readonly requests: readonly BatchRequest[] };

interface RawPart {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Reads a batch. It takes what clients send: LF alone, blank lines where none belong, quoted boundaries, headers in any case. */
export function parseBatch(text: string, boundary: string): BatchPart[] {
  return rawParts(text, boundary).map((part): BatchPart => {
    const inner = boundaryIn(part.headers["content-type"] ?? "");
    if (inner === undefined) return { kind: "request", request: requestOf(part) };
    const requests = rawParts(part.body, inner).map((one) => {
      if (boundaryIn(one.headers["content-type"] ?? "") !== undefined)
        throw badQuery("A change set cannot hold another one.");
      return requestOf(one);
    });
    return { kind: "changeset", requests };
  });
}

/** The boundary a content type names. */
export function boundaryIn(contentType: string): string | undefined {
  const match = /^\s*multipart\/mixed\s*;.*?boundary\s*=\s*(?:"([^"]+)"|([^;\s]+))/is.exec(
    contentType,
  );
  return match?.[1] ?? match?.[2];
}

function rawParts(text: string, boundary: string): RawPart[] {
  const parts: RawPart[] = [];
  const mark = `--${boundary}`;
  let begun = -1;
  for (let at = nextMark(text, mark, 0); at >= 0; at = nextMark(text, mark, at + mark.length)) {
    if (begun >= 0) parts.push(partOf(text.slice(begun, at)));
    begun = at + mark.length;
    if (text.startsWith("--", begun)) return parts;
  }
  if (begun < 0) throw badQuery("The batch has no part.");
  throw badQuery("The batch ends before its last boundary.");
}

/** The next boundary that stands at the beginning of a line and is not the beginning of a longer one. */
function nextMark(text: string, mark: string, from: number): number {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    const begins = at === 0 || text[at - 1] === "\n";
    const after = text.slice(at + mark.length, at + mark.length + 2);
    if (begins && /^(?:\r?\n|--|\s|$)/.test(after)) return at;
  }
  return -1;
}

function partOf(text: string): RawPart {
  return headed(text.replace(/^[ \t]*\r?\n/, ""));
}

/** Splits headers from what follows the blank line; blank lines before the headers are none. */
function headed(text: string): RawPart {
  const start = text.replace(/^(?:[ \t]*\r?\n)+/, "");
  const blank = /\r?\n[ \t]*\r?\n|\r?\n[ \t]*$/.exec(start);
  const head = blank === null ? start : start.slice(0, blank.index);
  const body = blank === null ? "" : start.slice(blank.index + blank[0].length);
  const headers: Record<string, string> = {};
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon > 0)
      headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body };
}

function requestOf(part: RawPart): BatchRequest {
  const text = part.body.replace(/^\s+/, "");
  const line = /^([A-Za-z]+)[ \t]+(\S.*?)(?:[ \t]+HTTP\/[\d.]+)?[ \t]*(?:\r?\n|$)/.exec(text);
  if (line === null) throw badQuery("A part of the batch has no request line.");
  const { headers, body } = afterLine(text.slice(line[0].length));
  return {
    contentId: part.headers["content-id"] ?? headers["content-id"],
    method: (line[1] ?? "").toUpperCase(),
    url: line[2] ?? "",
    headers,
    body: body.trim(),
  };
}

/** A request may have no header at all: its first line is then blank. */
function afterLine(text: string): RawPart {
  return /^[ \t]*(?:\r?\n|$)/.test(text) ? { headers: {}, body: text } : headed(text);
}
