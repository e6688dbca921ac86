import { once } from "node:events";
import { createWriteStream, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { faultOn } from "../../server/strike.ts";
import { sessionEnded } from "../auth/oauth-routes.ts";
import type { ApiError } from "../rest/api-error.ts";
import type { Call } from "../rest/call.ts";
import type { Org } from "../org.ts";
import { requestFaults } from "../fault-kinds.ts";
import { bulkError } from "./job-reply.ts";
import { uploadPath } from "./upload-file.ts";

/** 150 MB after base64, which makes four bytes of three (Bulk API 2.0 limits). */
const mostBytes = (150 * 1024 * 1024 * 3) / 4;

/** Writes a request's body to the job's file; a broken upload leaves nothing. */
export async function receiveUpload(call: Call, jobId: string): Promise<void> {
  const { raw } = call;
  if (raw === undefined) throw bulkError("CLIENTINPUTERROR", "There is no content");
  const path = uploadPath(call.org, jobId);
  const part = `${path}.part`;
  mkdirSync(dirname(path), { recursive: true });
  const plain: Readable =
    call.headers["content-encoding"] === "gzip" ? raw.pipe(createGunzip()) : raw;
  const file = createWriteStream(part);
  try {
    // The request is left open where its upload is refused, or the client would meet a reset.
    for await (const piece of checked(call, raw, plain.iterator({ destroyOnReturn: false }))) {
      if (!file.write(piece)) await once(file, "drain");
    }
    file.end();
    await finished(file);
  } catch (error) {
    file.destroy();
    rmSync(part, { force: true });
    throw error;
  }
  renameSync(part, path);
}

/** Keeps an upload that came whole. */
export function keepUpload(org: Org, jobId: string, content: Buffer): void {
  if (content.length > mostBytes) throw tooLarge();
  const path = uploadPath(org, jobId);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** The pieces of an upload as fast as the org takes them, up to the limit. */
async function* checked(
  call: Call,
  raw: IncomingMessage,
  source: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const { megabytesPerSecond } = call.org.settings.current().processing;
  const struck = faultOn(raw, "expire_in_upload");
  const { kind: _kind, ...given } = struck ?? { kind: "" };
  const dies = struck && requestFaults.expire_in_upload.parse(given).bytes;
  const begun = performance.now();
  let size = 0;
  for await (const piece of source) {
    size += piece.length;
    if (size > mostBytes) throw tooLarge();
    if (dies !== undefined && size > dies) throw sessionEnded();
    if (megabytesPerSecond > 0) {
      const owedMs = size / (megabytesPerSecond * 1_000) - (performance.now() - begun);
      if (owedMs > 2) await delay(owedMs);
    }
    yield piece;
  }
  if (dies !== undefined) throw sessionEnded();
}

function tooLarge(): ApiError {
  return bulkError("CLIENTINPUTERROR", "The upload is larger than 150 MB", 413);
}
