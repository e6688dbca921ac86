import { createHash } from "node:crypto";
import { closeSync, createReadStream, existsSync, openSync, readSync } from "node:fs";
import type { FieldValue } from "../pipeline/core/load-record.ts";
import { blobPath } from "../pipeline/stage/blob-folder.ts";

/** The bytes a file field stands for. */
export interface FileBytes {
  readonly size: number;
  /** Read anew each time; memory stays flat whatever the size. */
  open(): AsyncIterable<Uint8Array>;
}

/** Bytes that stand in the blob folder, or in their field. */
export interface StoredFile extends FileBytes {
  /** The same of a small file, at once: pieces of so many bytes, each overwritten by the next. */
  pieces(bytes: number): Iterable<Buffer>;
}

/** Opens `sha256:<hex>:<bytes>` from the blob folder, or `text:<content>`; undefined where it is not there. */
export function fileBytes(value: FieldValue, blobFolder: string): StoredFile | undefined {
  const text = String(value ?? "");
  if (text.startsWith("text:")) {
    const bytes = Buffer.from(text.slice("text:".length));
    return { size: bytes.length, open: () => once(bytes), pieces: () => [bytes] };
  }
  const [kind, hex = "", size = ""] = text.split(":");
  if (kind !== "sha256" || !/^[0-9a-f]{64}$/.test(hex)) return undefined;
  const path = blobPath(blobFolder, hex);
  if (!existsSync(path)) return undefined;
  return {
    size: Number(size),
    open: () => createReadStream(path),
    pieces: (bytes) => piecesOf(path, bytes),
  };
}

/** MD5 in hex: what some destinations tell of a file they hold. */
export async function md5Of(bytes: FileBytes): Promise<string> {
  const hash = createHash("md5");
  for await (const part of bytes.open()) hash.update(part);
  return hash.digest("hex");
}

/** All bytes, of a small file. */
export async function wholeOf(bytes: FileBytes): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes.open()) parts.push(part);
  return Buffer.concat(parts);
}

function* piecesOf(path: string, bytes: number): Generator<Buffer> {
  const file = openSync(path, "r");
  const piece = Buffer.allocUnsafe(bytes);
  try {
    for (let filled = 0; ; ) {
      const read = readSync(file, piece, filled, bytes - filled, null);
      filled += read;
      if (read > 0 && filled < bytes) continue;
      if (filled > 0) yield piece.subarray(0, filled);
      if (read === 0) return;
      filled = 0;
    }
  } finally {
    closeSync(file);
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
