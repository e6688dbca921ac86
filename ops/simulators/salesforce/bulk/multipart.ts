import { bulkError } from "./job-reply.ts";

/** One part of a multipart body. */
export interface Part {
  readonly name: string;
  readonly contentType: string;
  readonly body: Buffer;
}

/** The parts of a multipart/form-data body that is whole in memory; throws where it is none. */
export function partsOf(body: Buffer, contentType: string): Part[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw bulkError("CLIENTINPUTERROR", "The boundary is missing");
  const mark = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let from = body.indexOf(mark);
  while (from >= 0) {
    const next = body.indexOf(mark, from + mark.length);
    if (next < 0) break;
    const part = partOf(body.subarray(from + mark.length, next));
    if (part !== undefined) parts.push(part);
    from = next;
  }
  return parts;
}

/** A part between two boundaries: line end, headers, empty line, body, line end. */
function partOf(bytes: Buffer): Part | undefined {
  const blank = bytes.indexOf("\r\n\r\n");
  const [end, gap] = blank < 0 ? [bytes.indexOf("\n\n"), 2] : [blank, 4];
  if (end < 0) return undefined;
  const head = bytes.subarray(0, end).toString("utf8");
  const tail = bytes.at(-2) === 13 ? 2 : 1;
  return {
    name: /name="?([^";\r\n]+)"?/i.exec(head)?.[1] ?? "",
    contentType: /content-type:\s*([^;\r\n]+)/i.exec(head)?.[1]?.toLowerCase() ?? "",
    body: bytes.subarray(end + gap, bytes.length - tail),
  };
}
