import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { BodyRefused } from "../../server/body.ts";
import type { Org } from "../org.ts";

/** The bytes of a file as the state folder holds them, named by their SHA-256. */
export interface Blob {
  readonly sha256: string;
  readonly md5: string;
  readonly size: number;
}

/** Where the bytes of a file lie. */
export function blobPath(org: Org, sha256: string): string {
  return join(org.folder, "files", sha256.slice(0, 2), sha256);
}

/** Base64 characters decoded at a time: whole groups of four. */
const pieceLength = 4 * 1024 * 1024;

/** Keeps the bytes of a base64 text; the text is up to 50 MB long, so it is decoded piece by piece. */
function putBase64(org: Org, given: string): Blob {
  const text = /\s/.test(given) ? given.replace(/\s+/g, "") : given;
  const [sha256, md5] = [createHash("sha256"), createHash("md5")];
  const part = partPath(org);
  const file = openSync(part, "w");
  let size = 0;
  try {
    for (let at = 0; at < text.length; at += pieceLength) {
      const bytes = Buffer.from(text.slice(at, at + pieceLength), "base64");
      writeSync(file, bytes);
      sha256.update(bytes);
      md5.update(bytes);
      size += bytes.length;
    }
  } finally {
    closeSync(file);
  }
  const name = sha256.digest("hex");
  settle(org, part, name);
  return { sha256: name, md5: md5.digest("hex"), size };
}

/** Keeps bytes as they arrive; refuses with 413 above `limit`, and a broken stream leaves nothing. */
export async function receiveBlob(
  org: Org,
  bytes: AsyncIterable<Buffer>,
  limit: number,
): Promise<Blob> {
  const [sha256, md5] = [createHash("sha256"), createHash("md5")];
  let size = 0;
  const part = partPath(org);
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of bytes) {
      size += piece.length;
      if (size > limit) throw new BodyRefused(413, `The file is larger than ${limit} bytes.`);
      sha256.update(piece);
      md5.update(piece);
      yield piece;
    }
  };
  try {
    await pipeline(counted(), createWriteStream(part));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  const name = sha256.digest("hex");
  settle(org, part, name);
  return { sha256: name, md5: md5.digest("hex"), size };
}

/** Removes the bytes of a file no version holds any more. */
export function dropBlob(org: Org, sha256: string): void {
  rmSync(blobPath(org, sha256), { force: true });
}

/** Removes what uploads that a killed process was receiving have left in a state folder. */
export function dropParts(folder: string): void {
  const files = join(folder, "files");
  if (!existsSync(files)) return;
  for (const name of readdirSync(files)) {
    if (name.endsWith(".part")) rmSync(join(files, name), { force: true });
  }
}

function partPath(org: Org): string {
  const folder = join(org.folder, "files");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${randomUUID()}.part`);
}

/** Renamed last, so that a name always stands for whole bytes. */
function settle(org: Org, part: string, sha256: string): void {
  const path = blobPath(org, sha256);
  if (existsSync(path)) return rmSync(part);
  mkdirSync(join(path, ".."), { recursive: true });
  renameSync(part, path);
}

/** A blob as the value of a row that is about to be written; no base64 text looks like it. */
export function blobMark({ sha256, md5, size }: Blob): string {
  return `${sha256}:${md5}:${size}`;
}

/** The blob a value names, kept first where the value is base64 text. */
export function blobOf(org: Org, value: string): Blob {
  const [sha256 = "", md5 = "", size] = value.split(":");
  if (size !== undefined) return { sha256, md5, size: Number(size) };
  return putBase64(org, value);
}

/** How many bytes the blob of a value has. */
export function sizeOf(value: string): number {
  const size = value.split(":")[2];
  return size === undefined ? Buffer.byteLength(value, "base64") : Number(size);
}
