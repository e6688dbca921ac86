import type { MetadataApi } from "jsforce/lib/api/metadata.js";
import { Connection } from "jsforce/lib/core.js";
import type { Schema } from "jsforce/lib/types/index.js";
import { CutoverError } from "../../pipeline/core/errors.ts";
import {
  type HttpReply,
  openTransport,
  restOf,
  type StreamedReply,
  type Transport,
} from "../transport.ts";
import { checkUrl } from "./addresses.ts";
import { replyError } from "./errors.ts";
import { asJsforceTransport } from "./jsforce-transport.ts";
import type {
  Call,
  ClientOptions,
  Component,
  SalesforceClient,
  SaveResult,
  StreamedCall,
} from "./salesforce-client.ts";
import { askForToken, type Granted } from "./token.ts";

/** Sessions live 15 minutes or longer (session settings). */
const freshMs = 10 * 60 * 1000;

/** Logs in and opens the door. Throws SINK_AUTH_REFUSED with the remedy. */
export async function openClient(options: ClientOptions): Promise<SalesforceClient> {
  const client = new JsforceClient(options);
  await client.refresh();
  return client;
}

class JsforceClient implements SalesforceClient {
  readonly #options: ClientOptions;
  readonly #transport: Transport;
  readonly #connection: Connection;
  readonly dataPath: string;
  userId = "";
  serverTime = 0;
  #renewing: Promise<void> | undefined;
  #refreshedAt = 0;
  /** jsforce wraps what its refresh throws; this is the error itself. */
  #authError: CutoverError | undefined;

  constructor(options: ClientOptions) {
    checkUrl(options.loginUrl, options.allowLoopback, undefined);
    this.#options = options;
    this.#transport = openTransport({
      system: "Salesforce",
      connections: 8,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    });
    this.dataPath = `/services/data/v${options.apiVersion}`;
    this.#connection = new Connection({
      loginUrl: options.loginUrl,
      version: options.apiVersion,
      refreshFn: (_connection, done) => {
        this.#renew().then(
          () => done(null, this.#connection.accessToken as string),
          (error: Error) => done(error),
        );
      },
    });
    this.#connection.accessToken = null;
  }

  readMetadata(type: string, names: readonly string[]): Promise<readonly Component[]> {
    return this.#metadata(async (api) => {
      const found = await api.read(type as never, [...names]);
      return (found as unknown as Component[]).filter(({ fullName }) => Boolean(fullName));
    });
  }

  saveMetadata(type: string, components: readonly Component[]): Promise<readonly SaveResult[]> {
    return this.#metadata(async (api) => {
      const results = await api.upsert(type, [...components] as never[]);
      return (results as unknown as SaveResult[]).map((result) => ({
        ...result,
        // One error comes without its list.
        errors: [result.errors ?? []].flat(),
      }));
    });
  }

  /** Only schema commands come here: jsforce's SOAP is loaded by them alone. */
  async #metadata<T>(work: (api: MetadataApi<Schema>) => Promise<T>): Promise<T> {
    const module = await import("jsforce/lib/api/metadata.js");
    let sent = 0;
    this.#connection._transport = asJsforceTransport((request) => {
      sent += 1;
      if (sent > 2) throw replyError(401, "", "metadata", false);
      return this.#transport.send(request, this.#options.timeoutMs);
    }) as never;
    this.#authError = undefined;
    try {
      return await work(new module.MetadataApi(this.#connection));
    } catch (error) {
      const code = String((error as { errorCode?: unknown }).errorCode ?? "");
      if (/INSUFFICIENT_ACCESS|API_DISABLED|FUNCTIONALITY_NOT_ENABLED/.test(code)) {
        throw new CutoverError(
          "SINK_PERMISSION_MISSING",
          `Salesforce does not let our user read or change metadata (${code}): grant it "Modify Metadata Through Metadata API Functions" and "Customize Application".`,
        );
      }
      throw this.#failed(error, { api: "metadata" });
    }
  }

  async call(call: Call): Promise<HttpReply> {
    const deadline = performance.now() + this.#options.timeoutMs;
    let reply: HttpReply | undefined;
    let sent = 0;
    const transport = asJsforceTransport(async (request) => {
      sent += 1;
      // jsforce would refresh for ever where a fresh token is refused too.
      if (sent > 2) throw replyError(401, reply?.body ?? "", call.api, false);
      reply = await this.#transport.send(request, deadline - performance.now());
      return reply;
    });
    this.#authError = undefined;
    try {
      await this.#connection.request(this.#request(call), {
        transport: transport as never,
        // Raw text: its own parsers split CSV wrongly and hide statuses.
        responseType: "text/plain",
      });
    } catch (error) {
      if (reply === undefined || reply.statusCode === 401 || error instanceof CutoverError) {
        throw this.#failed(error, call);
      }
    }
    return this.#checked(call, reply as HttpReply);
  }

  async stream(call: StreamedCall): Promise<StreamedReply> {
    this.#authError = undefined;
    const first = await this.#streamOnce(call);
    if (first.statusCode !== 401) return this.#checkedStream(call, first);
    // A refused session means that nothing was done: a body opened anew may go out once more.
    await restOf(first);
    await this.#renew();
    return this.#checkedStream(call, await this.#streamOnce(call));
  }

  async #streamOnce(call: StreamedCall): Promise<StreamedReply> {
    try {
      const { method, url, headers } = this.#request(call);
      const authorization = `Bearer ${this.#connection.accessToken}`;
      const request = {
        method,
        url,
        headers: { ...headers, authorization },
        ...(call.body === undefined ? {} : { body: call.body }),
      };
      return await this.#transport.stream(request, this.#options.timeoutMs);
    } catch (error) {
      throw this.#failed(error, call);
    }
  }

  async #checkedStream(call: StreamedCall, reply: StreamedReply): Promise<StreamedReply> {
    if (this.#noted(call, reply)) return reply;
    throw replyError(reply.statusCode, await restOf(reply), call.api, call.write === true);
  }

  #request(call: Omit<Call, "body"> & { readonly body?: unknown }) {
    const path = call.path.startsWith("/") ? call.path : `${this.dataPath}/${call.path}`;
    return {
      method: call.method,
      url: `${this.#connection.instanceUrl}${path}`,
      headers: {
        accept: "application/json",
        ...(call.body === undefined
          ? {}
          : { "content-type": call.contentType ?? "application/json; charset=utf-8" }),
        ...call.headers,
      },
      // jsforce passes a body on untouched, also bytes, which its types do not know.
      ...(call.body === undefined ? {} : { body: call.body as string }),
    };
  }

  #checked(call: Call, reply: HttpReply): HttpReply {
    if (this.#noted(call, reply)) return reply;
    throw replyError(reply.statusCode, reply.body, call.api, call.write === true);
  }

  /** Counts a reply and says whether it is an answer. */
  #noted(
    call: Pick<Call, "api" | "accept">,
    { statusCode, headers }: Omit<HttpReply, "body">,
  ): boolean {
    this.#count(call.api, String(statusCode));
    this.serverTime = Date.parse(headers["date"] ?? "") || this.serverTime;
    return (statusCode >= 200 && statusCode < 300) || call.accept?.includes(statusCode) === true;
  }

  #failed(error: unknown, call: Pick<Call, "api" | "write">): CutoverError {
    const known = this.#authError ?? error;
    this.#count(call.api, known instanceof CutoverError ? known.code : "failed");
    if (!(known instanceof CutoverError)) {
      return new CutoverError("SINK_SYSTEM_UNKNOWN", `Salesforce, ${call.api}: ${String(known)}`, {
        cause: known,
      });
    }
    // A read has no fate to ask for.
    if (known.code === "SINK_REPLY_LOST" && call.write !== true) {
      return new CutoverError("SINK_UNAVAILABLE", known.message, { cause: known });
    }
    return known;
  }

  #count(api: string, status: string): void {
    this.#options.metrics.calls.inc({ system: "destination", api, status });
  }

  async refresh(): Promise<void> {
    const fresh = performance.now() - this.#refreshedAt < freshMs;
    if (this.#connection.accessToken !== null && fresh) return;
    await this.#renew();
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#authorize().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #authorize(): Promise<void> {
    try {
      this.#take(await askForToken(this.#transport, this.#options));
    } catch (error) {
      this.#authError = error as CutoverError;
      throw error;
    }
  }

  /** Keeps the token; the org's address is taken once and never changes after. */
  #take(granted: Granted): void {
    const known = this.#refreshedAt > 0 ? this.#connection.instanceUrl : undefined;
    checkUrl(granted.instanceUrl, this.#options.allowLoopback, known);
    this.#connection.instanceUrl = granted.instanceUrl;
    this.#connection.accessToken = granted.token;
    this.userId = granted.userId;
    this.#refreshedAt = performance.now();
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}
