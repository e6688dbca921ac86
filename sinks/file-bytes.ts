import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import type { FieldValue } from "../pipeline/core/load-record.ts";
import { blobPath } from "../pipeline/stage/blob-folder.ts";

/** The bytes a file field stands for. */
export interface FileBytes {
  readonly size: number;
  /** Read anew each time; memory stays flat whatever the size. */
  open(): AsyncIterable<Uint8Array>;
}

/** Opens `sha256:<hex>:<bytes>` from the blob folder, or `text:<content>`; undefined where it is not there. */
export function fileBytes(value: FieldValue, blobFolder: string): FileBytes | undefined {
  const text = String(value ?? "");
  if (text.startsWith("text:")) {
    const bytes = Buffer.from(text.slice("text:".length));
    return { size: bytes.length, open: () => once(bytes) };
  }
  const [kind, hex = "", size = ""] = text.split(":");
  if (kind !== "sha256" || !/^[0-9a-f]{64}$/.test(hex)) return undefined;
  const path = blobPath(blobFolder, hex);
  if (!existsSync(path)) return undefined;
  return { size: Number(size), open: () => createReadStream(path) };
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

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
