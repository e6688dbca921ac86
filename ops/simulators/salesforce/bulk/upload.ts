import { createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Call } from "../rest/call.ts";
import { bulkError } from "./job-reply.ts";
import { uploadPath } from "./upload-file.ts";

const mostBytes = 150 * 1024 * 1024;

/** Writes a request's body to the job's file; a broken upload leaves nothing. */
export async function receiveUpload(call: Call, jobId: string): Promise<void> {
  const { raw } = call;
  if (raw === undefined) throw bulkError("CLIENTINPUTERROR", "There is no content");
  const path = uploadPath(call.org, jobId);
  const part = `${path}.part`;
  mkdirSync(dirname(path), { recursive: true });
  const plain: Readable =
    call.headers["content-encoding"] === "gzip" ? raw.pipe(createGunzip()) : raw;
  let size = 0;
  const counted = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      size += piece.length;
      if (size > mostBytes)
        throw bulkError("CLIENTINPUTERROR", "The upload is larger than 150 MB", 413);
      yield piece;
    }
  };
  try {
    await pipeline(plain, counted, createWriteStream(part));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  renameSync(part, path);
}
