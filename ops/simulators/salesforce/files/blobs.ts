import { createHash, randomUUID } from "node:crypto";
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
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

/** Keeps bytes that are in memory. */
export function putBlob(org: Org, bytes: Buffer): Blob {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const md5 = createHash("md5").update(bytes).digest("hex");
  const part = partPath(org);
  writeFileSync(part, bytes);
  settle(org, part, sha256);
  return { sha256, md5, size: bytes.length };
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
  return putBlob(org, Buffer.from(value, "base64"));
}

/** How many bytes the blob of a value has. */
export function sizeOf(value: string): number {
  const size = value.split(":")[2];
  return size === undefined ? Buffer.byteLength(value, "base64") : Number(size);
}
