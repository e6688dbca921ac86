import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Clock } from "../../server/clock.ts";
import { sendJson } from "../../server/reply.ts";
import type { View } from "../truth/view.ts";
import { fileBytes } from "./file-bytes.ts";
import type { FileAddresses } from "./signed-address.ts";
import { type StoredFile, storedFileOf } from "./stored-file.ts";

const prefix = "/files/";

/** Whether a path is a file's address. */
export function isFile(path: string): boolean {
  return path.startsWith(prefix);
}

/** Answers a signed address with the file's bytes as a stream; the signature is all the permission it needs. */
export async function sendFile(
  parts: { view: View; clock: Clock; addresses: FileAddresses },
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> {
  const { view, clock, addresses } = parts;
  if (req.method !== "GET" && req.method !== "HEAD")
    return refuse(res, 405, "method_not_allowed", "a file can only be read");
  const id = idIn(url.pathname);
  const verdict = addresses.check(id, url.searchParams);
  if (verdict !== "good")
    return refuse(
      res,
      403,
      `url_${verdict}`,
      "this address is not good (any more); ask for the row again",
    );
  const version = view.byId("attachment", id, clock.now());
  const file = version?.kind === "alive" ? storedFileOf(version.row) : undefined;
  if (version === undefined || file === undefined || file.fault === "missing")
    return refuse(res, 404, "not_found", "the file is not in the store");
  res.writeHead(200, {
    "content-type": String(version.row["mime_type"] ?? "application/octet-stream"),
    "content-length": file.size,
    "cache-control": "private, no-store",
  });
  if (req.method === "HEAD") res.end();
  else await pipeline(Readable.from(copies(file)), res);
}

/** The generator reuses its chunk; what waits in a socket must not change. */
function* copies(file: StoredFile): Generator<Buffer> {
  for (const chunk of fileBytes(file)) if (chunk.length > 0) yield Buffer.from(chunk);
}

function idIn(path: string): string {
  try {
    return decodeURIComponent(path.slice(prefix.length));
  } catch {
    return ""; // a stray percent sign names nothing
  }
}

function refuse(res: ServerResponse, status: number, code: string, message: string): void {
  sendJson(res, status, { error: { code, message } });
}
