import { Readable } from "node:stream";
import { Agent, request } from "undici";
import { CutoverError } from "../pipeline/core/errors.ts";

/** A request as it leaves. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A body read while it is sent: its length is known, and each attempt opens it anew. */
export interface StreamedBody {
  readonly bytes: number;
  open(): AsyncIterable<Uint8Array>;
}

/** A request whose body may be a stream. */
export interface StreamedRequest extends Omit<HttpRequest, "body"> {
  readonly body?: StreamedBody;
}

/** A reply whose body is read as it comes, to its end; it throws SINK_UNAVAILABLE where it breaks off. */
export interface StreamedReply extends Omit<HttpReply, "body"> {
  readonly body: AsyncIterable<Uint8Array>;
}

/** A reply as it came, whole. */
export interface HttpReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends requests, each once: no retries, no redirects, no proxy from the environment. */
export interface Transport {
  /** Throws SINK_UNAVAILABLE where nothing left, SINK_REPLY_LOST where it may have. */
  send(request: HttpRequest, timeoutMs: number): Promise<HttpReply>;
  /** Streams bodies both ways; `idleMs` bounds each silence instead of the whole. */
  stream(request: StreamedRequest, idleMs: number): Promise<StreamedReply>;
  close(): Promise<void>;
}

const notConnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Opens a transport to a system, which its errors name. */
export function openTransport(options: {
  readonly system: string;
  /** Most requests under way at once. */
  readonly connections: number;
  /** PEM trusted in addition, for a simulator's own certificate. */
  readonly ca?: string;
}): Transport {
  const { system } = options;
  const agent = new Agent({
    connections: options.connections,
    // A server that closes idle connections must not cost us a reply: ours go first.
    keepAliveTimeout: 3000,
    keepAliveMaxTimeout: 3000,
    ...(options.ca === undefined ? {} : { connect: { ca: options.ca } }),
  });
  return {
    async send(sent, timeoutMs) {
      try {
        const reply = await request(sent.url, {
          method: sent.method as "GET",
          headers: { ...sent.headers },
          ...(sent.body === undefined || sent.body === "" ? {} : { body: sent.body }),
          dispatcher: agent,
          signal: AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs))),
        });
        const body = await reply.body.text();
        return { statusCode: reply.statusCode, headers: flat(reply.headers), body };
      } catch (error) {
        throw networkError(system, error);
      }
    },
    async stream(sent, idleMs) {
      const { body: sending } = sent;
      try {
        const reply = await request(sent.url, {
          method: sent.method as "GET",
          headers: {
            ...sent.headers,
            ...(sending === undefined ? {} : { "content-length": String(sending.bytes) }),
          },
          ...(sending === undefined ? {} : { body: Readable.from(sending.open()) }),
          dispatcher: agent,
          headersTimeout: idleMs,
          bodyTimeout: idleMs,
        });
        const body = whole(system, reply.body);
        return { statusCode: reply.statusCode, headers: flat(reply.headers), body };
      } catch (error) {
        throw networkError(system, error);
      }
    },
    close: () => agent.close(),
  };
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return result;
}

/** A reply's bytes; one that is cut off has no fate to ask for, its request was answered. */
async function* whole(system: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw new CutoverError("SINK_UNAVAILABLE", `${system}: a reply was cut off.`, { cause });
  }
}

/** The rest of a streamed reply as text. */
export async function restOf(reply: StreamedReply): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of reply.body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

function networkError(system: string, error: unknown): CutoverError {
  const { code, name } = error as { code?: string; name?: string };
  if (code !== undefined && notConnected.has(code)) {
    return new CutoverError("SINK_UNAVAILABLE", `${system} cannot be reached (${code}).`, {
      cause: error,
    });
  }
  const why = name === "TimeoutError" ? "no reply in time" : (code ?? "connection lost");
  return new CutoverError("SINK_REPLY_LOST", `${system}: ${why}.`, { cause: error });
}
