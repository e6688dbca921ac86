import { Agent, request } from "undici";
import { CutoverError } from "../core/errors.ts";
import { headerOf, type Reply, replyOf } from "./reply.ts";

type Headers = Readonly<Record<string, string>>;

/** A file on its way. */
export interface FileReply {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** Throws BrokenOff where the connection does not bring it whole. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** The bytes of a file did not come whole: it is asked for again. */
export class BrokenOff extends Error {}

const maxBodyBytes = 64 * 1024 * 1024;

/** Sends single requests, each under a time-out. Redirects are never followed: they would carry the credentials along. */
export class Transport {
  readonly #agent: Agent;
  readonly #timeoutMs: number;

  constructor(timeoutMs: number, connections: number) {
    this.#timeoutMs = timeoutMs;
    this.#agent = new Agent({
      connections,
      connectTimeout: timeoutMs,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      keepAliveTimeout: 30_000,
    });
  }

  /** GETs an address and reads the reply whole. */
  async get(url: URL, headers: Headers, signal: AbortSignal): Promise<Reply> {
    const requestedAt = Date.now();
    const startedAt = performance.now();
    const response = await request(url, {
      dispatcher: this.#agent,
      headers: { ...headers, accept: "application/json" },
      signal,
    });
    const text = await bodyText(response.body);
    const receivedAt = requestedAt + (performance.now() - startedAt);
    const { statusCode: status, headers: received } = response;
    return replyOf({ status, headers: received, text, requestedAt, receivedAt });
  }

  /** GETs a file and hands on what comes, as it comes; what nobody reads is given up. */
  async file<T>(
    { url, headers: given, signal }: { url: URL; headers: Headers; signal: AbortSignal },
    take: (reply: FileReply) => Promise<T>,
  ): Promise<T> {
    const dispatcher = this.#agent;
    const response = await request(url, {
      dispatcher,
      signal,
      headers: { ...given, accept: "*/*" },
    });
    const { statusCode: status, headers, body } = response;
    // Given up while bytes still come, it says so; nobody listens.
    body.on("error", () => undefined);
    try {
      return await take({ status, header: headerOf(headers), body: whole(body) });
    } finally {
      if (!body.readableEnded) body.destroy();
    }
  }

  /** POSTs a form; SOURCE_UNAVAILABLE where nothing answers. */
  async post(url: string, form: string, headers: Headers) {
    try {
      const response = await request(url, {
        dispatcher: this.#agent,
        method: "POST",
        headers,
        body: form,
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      return { status: response.statusCode, text: await bodyText(response.body) };
    } catch (error) {
      throw new CutoverError("SOURCE_UNAVAILABLE", `${url} does not answer.`, { cause: error });
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

async function* whole(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new BrokenOff("a file broke off", { cause: error });
  }
}

async function bodyText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > maxBodyBytes) throw new Error("the body is larger than 64 MB");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
