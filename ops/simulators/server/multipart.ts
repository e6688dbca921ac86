import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { BodyRefused } from "./body.ts";

const longestHeaders = 16_384;

/** One part of a multipart body; its bytes must be read (or are skipped) before the next part comes. */
export interface Part {
  readonly name: string | undefined;
  readonly filename: string | undefined;
  /** Lower case, without parameters; `text/plain` where none is given. */
  readonly contentType: string;
  readonly bytes: AsyncIterable<Buffer>;
}

/** The boundary of a multipart request, or undefined where the request is none. */
export function boundaryOf(req: Pick<IncomingMessage, "headers">): string | undefined {
  const match = /^multipart\/[^;]+;.*?boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(
    req.headers["content-type"] ?? "",
  );
  return match?.[1] ?? match?.[2];
}

/** The parts of a multipart request as they arrive; never more than a piece of it is in memory. Throws `BodyRefused` for a broken body. */
export async function* partsOf(req: IncomingMessage): AsyncGenerator<Part> {
  const boundary = boundaryOf(req);
  if (boundary === undefined) throw new BodyRefused(400, "The body has no multipart boundary.");
  const zipped = req.headers["content-encoding"] === "gzip";
  const input = inputOf(zipped ? req.pipe(createGunzip()) : req);
  try {
    yield* partsIn(input, Buffer.from(`\r\n--${boundary}`));
  } finally {
    await input.close();
  }
}

/** The parts of a small multipart request, whole and by name; throws `BodyRefused` (413) above `limit` bytes. */
export async function wholeParts(
  req: IncomingMessage,
  limit: number,
): Promise<ReadonlyMap<string, Buffer>> {
  const parts = new Map<string, Buffer>();
  let left = limit;
  for await (const { name = "", bytes } of partsOf(req)) {
    const body = await wholeBytes(bytes, left);
    left -= body.length;
    parts.set(name, body);
  }
  return parts;
}

/** The bytes of a part that is to be in memory; throws `BodyRefused` (413) above `limit`. */
export async function wholeBytes(bytes: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    if (size > limit) throw new BodyRefused(413, `The part is larger than ${limit} bytes.`);
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}

async function* partsIn(input: Input, mark: Buffer): AsyncGenerator<Part> {
  // The first boundary has no line before it.
  input.unread(Buffer.from("\r\n"));
  await skip(input.until(mark));
  for (;;) {
    const next = (await input.take(2)).toString("latin1");
    if (next === "--") return skip(input.rest());
    const rest = await wholeBytes(input.until(Buffer.from("\r\n\r\n")), longestHeaders);
    const head = next + rest.toString("latin1");
    const bytes = input.until(mark);
    yield { ...headersOf(head), bytes };
    await skip(bytes);
  }
}

function headersOf(head: string): Omit<Part, "bytes"> {
  const header = (name: string): string =>
    new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(head)?.[1]?.trim() ?? "";
  const disposition = header("content-disposition");
  const value = (name: string): string | undefined => {
    const match = new RegExp(`[; ]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;]+))`, "i").exec(
      disposition,
    );
    const text = match?.[1]?.replace(/\\(.)/g, "$1") ?? match?.[2]?.trim();
    // Header bytes are read as latin1; browsers and libraries write names in UTF-8.
    return text === undefined ? undefined : Buffer.from(text, "latin1").toString("utf8");
  };
  const contentType = header("content-type").split(";")[0]?.trim().toLowerCase() ?? "";
  return {
    name: value("name"),
    filename: value("filename"),
    contentType: contentType === "" ? "text/plain" : contentType,
  };
}

interface Input {
  unread(bytes: Buffer): void;
  take(count: number): Promise<Buffer>;
  /** Bytes before a mark; the mark itself is taken, too. */
  until(mark: Buffer): AsyncGenerator<Buffer>;
  rest(): AsyncGenerator<Buffer>;
  /** Lets go of the request, which goes on living: it is yet to be answered. */
  close(): Promise<void>;
}

function inputOf(source: Readable): Input {
  const iterator = source.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  const more = async (): Promise<void> => {
    const { done, value } = await iterator.next();
    if (done === true) throw new BodyRefused(400, "The multipart body ends before its boundary.");
    const piece = value as Buffer;
    held = held.length === 0 ? Buffer.from(piece) : Buffer.concat([held, piece]);
  };
  return {
    unread: (bytes) => void (held = Buffer.concat([bytes, held])),
    async take(count) {
      while (held.length < count) await more();
      const taken = held.subarray(0, count);
      held = held.subarray(count);
      return taken;
    },
    async *until(mark) {
      for (;;) {
        const at = held.indexOf(mark);
        const ready = at >= 0 ? at : Math.max(0, held.length - mark.length + 1);
        const piece = held.subarray(0, ready);
        held = held.subarray(at >= 0 ? at + mark.length : ready);
        if (piece.length > 0) yield piece;
        if (at >= 0) return;
        await more();
      }
    },
    async *rest() {
      for (let at = await iterator.next(); at.done !== true; at = await iterator.next()) {
        yield at.value as Buffer;
      }
    },
    async close() {
      await iterator.return?.();
    },
  };
}

async function skip(bytes: AsyncIterable<Buffer>): Promise<void> {
  for await (const _piece of bytes);
}
