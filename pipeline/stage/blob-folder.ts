import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";

/** A file of the blob folder, just written. */
export interface Blob {
  /** Hex; also its name. */
  readonly sha256: string;
  readonly size: number;
  /** Its first bytes, up to `headBytes`. */
  readonly head: Buffer;
}

/** As many first bytes as any file signature needs: a tar's stands 257 bytes in. */
export const headBytes = 512;

/** The stream was longer than it may be; nothing is kept of it. */
export class BlobTooLarge extends Error {}

let written = 0;

/** Where a blob stands: `ab/abcdef…`; the name is checked, because it may come out of a record. */
export function blobPath(folder: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError("a blob's name is a SHA-256 in hex");
  return join(folder, sha256.slice(0, 2), sha256);
}

/**
 * Streams bytes into the folder under their SHA-256: whoever sees the name sees all bytes, synced.
 * Memory stays flat whatever the size. Throws BlobTooLarge above `maxBytes`. The name itself outlives
 * a power cut only after `syncNames`.
 */
export async function writeBlob(
  folder: string,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Blob> {
  const path = temporaryPath(folder);
  const file = await open(path, "wx", 0o600);
  try {
    const blob = await poured(bytes, file, maxBytes);
    await file.sync();
    await file.close();
    place(folder, path, blob.sha256);
    return blob;
  } catch (error) {
    await file.close().catch(() => undefined);
    rmSync(path, { force: true });
    throw error;
  }
}

/**
 * Syncs the names of blobs written: once for many, because the first sync brings nearly all of them
 * to disk.
 */
export async function syncNames(folder: string, names: Iterable<string>): Promise<void> {
  const folders = new Set([...names].map((sha256) => join(blobPath(folder, sha256), "..")));
  for (const each of folders) {
    const directory = await open(each, "r");
    await directory.sync().finally(() => directory.close());
  }
}

/** Writes a value that is in memory already, and returns its SHA-256 in hex. */
export function keepBlob(folder: string, value: Buffer): string {
  const sha256 = createHash("sha256").update(value).digest("hex");
  if (existsSync(blobPath(folder, sha256))) return sha256;
  const temporary = temporaryPath(folder);
  const file = openSync(temporary, "wx", 0o600);
  for (let at = 0; at < value.length; ) at += writeSync(file, value, at);
  fsyncSync(file);
  closeSync(file);
  const path = place(folder, temporary, sha256);
  const directory = openSync(join(path, ".."), "r");
  fsyncSync(directory);
  closeSync(directory);
  return sha256;
}

/** Removes what processes that are gone have left unfinished. */
export function clearUnfinished(folder: string): void {
  for (const name of existsSync(join(folder, ".new")) ? readdirSync(join(folder, ".new")) : []) {
    if (!existsSync(`/proc/${name.split("-")[0]}`)) rmSync(join(folder, ".new", name));
  }
}

async function poured(
  bytes: AsyncIterable<Uint8Array>,
  file: FileHandle,
  maxBytes: number,
): Promise<Blob> {
  const hash = createHash("sha256");
  let [head, size] = [Buffer.alloc(0), 0];
  for await (const part of bytes) {
    size += part.length;
    if (size > maxBytes) throw new BlobTooLarge(`more than ${maxBytes} bytes`);
    if (head.length < headBytes) head = Buffer.concat([head, part]).subarray(0, headBytes);
    hash.update(part);
    await writeAll(file, part);
  }
  // A copy: a slice would keep the stream's buffer.
  return { sha256: hash.digest("hex"), size, head: Buffer.from(head) };
}

/** A write may take a part of what it is given. */
async function writeAll(file: FileHandle, part: Uint8Array): Promise<void> {
  for (let at = 0; at < part.length; ) at += (await file.write(part, at)).bytesWritten;
}

function temporaryPath(folder: string): string {
  mkdirSync(join(folder, ".new"), { recursive: true });
  return join(folder, ".new", `${process.pid}-${written++}`);
}

/** Names the file. */
function place(folder: string, temporary: string, sha256: string): string {
  const path = blobPath(folder, sha256);
  mkdirSync(join(path, ".."), { recursive: true });
  renameSync(temporary, path);
  return path;
}
