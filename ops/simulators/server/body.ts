import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

const gunzipAsync = promisify(gunzip);

/** A request body that a simulator does not take; the shell answers with its status. */
export class BodyRefused extends Error {
  readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "BodyRefused";
    this.status = status;
  }
}

/** Reads a whole request body, unpacked when it came as gzip; throws `BodyRefused` above `limit` bytes. */
export async function readBody(
  req: IncomingMessage,
  options: { limit?: number } = {},
): Promise<Buffer> {
  const limit = options.limit ?? 10 * 1024 * 1024;
  // The request must outlive a refusal, or the client meets a reset instead of the answer.
  const pieces = req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  let body = Buffer.allocUnsafe(Math.min(Number(req.headers["content-length"] ?? 65_536), limit));
  let size = 0;
  for await (const piece of pieces) {
    const end = size + piece.length;
    if (end > limit) throw new BodyRefused(413, `The body is larger than ${limit} bytes.`);
    // Without a length the buffer doubles; with one it fits, and a body is never in memory twice.
    if (end > body.length) body = Buffer.concat([body], Math.max(end, 2 * body.length));
    piece.copy(body, size);
    size = end;
  }
  body = body.subarray(0, size);
  if (req.headers["content-encoding"] !== "gzip") return body;
  try {
    return await gunzipAsync(body, { maxOutputLength: limit });
  } catch (cause) {
    throw new BodyRefused(400, "The body says gzip but cannot be unpacked within the limit.", {
      cause,
    });
  }
}

/** Reads a JSON request body; an empty body is `{}`, broken JSON throws `BodyRefused`. */
export async function readJson(
  req: IncomingMessage,
  options: { limit?: number } = {},
): Promise<unknown> {
  const text = (await readBody(req, options)).toString("utf8");
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BodyRefused(400, "The body is not valid JSON.", { cause });
  }
}
