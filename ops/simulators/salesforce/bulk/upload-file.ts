import { closeSync, createReadStream, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Org } from "../org.ts";

/** Where one piece of an upload begins and ends, in bytes, and how many rows it holds. */
export interface Slice {
  readonly firstByte: number;
  readonly lastByte: number;
  readonly rows: number;
}

/** An upload cut into its header and slices of rows. */
export interface Cut {
  /** End of the header line, without its line ending. */
  readonly headerEnd: number;
  readonly slices: readonly Slice[];
  /** Line endings seen outside quotes. */
  readonly endings: ReadonlySet<"LF" | "CRLF">;
}

/** The file a job's upload is kept in. */
export function uploadPath(org: Org, jobId: string): string {
  return join(org.folder, "bulk", `${jobId}.csv`);
}

/** Finds the rows of an upload without keeping more than a piece of it in memory. */
export async function cutUpload(path: string, rowsPerSlice: number): Promise<Cut> {
  const slices: Slice[] = [];
  const endings = new Set<"LF" | "CRLF">();
  let headerEnd = -1;
  let firstByte = 0;
  let lineStart = 0;
  let rows = 0;
  let quoted = false;
  let last = 0;
  let offset = 0;
  const endLine = (end: number, next: number): void => {
    const blank = end - (last === 13 ? 1 : 0) === lineStart;
    if (!blank && headerEnd < 0) {
      headerEnd = end - (last === 13 ? 1 : 0);
      firstByte = next;
    } else if (!blank) rows += 1;
    lineStart = next;
    if (rows < rowsPerSlice) return;
    slices.push({ firstByte, lastByte: next, rows });
    firstByte = next;
    rows = 0;
  };
  if (existsSync(path)) {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
      const bytes = piece as Buffer;
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at] ?? 0;
        if (byte === 34) quoted = !quoted;
        else if (byte === 10 && !quoted) {
          endings.add(last === 13 ? "CRLF" : "LF");
          endLine(offset + at, offset + at + 1);
        }
        last = byte;
      }
      offset += bytes.length;
    }
  }
  last = 0;
  if (offset > lineStart) endLine(offset, offset);
  if (rows > 0) slices.push({ firstByte, lastByte: offset, rows });
  return { headerEnd: Math.max(headerEnd, 0), slices, endings };
}

/** Text of a part of an upload. */
export function readSlice(path: string, firstByte: number, lastByte: number): string {
  if (lastByte <= firstByte || !existsSync(path)) return "";
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.allocUnsafe(lastByte - firstByte);
    const got = readSync(file, bytes, 0, bytes.length, firstByte);
    return bytes.toString("utf8", 0, got);
  } finally {
    closeSync(file);
  }
}
