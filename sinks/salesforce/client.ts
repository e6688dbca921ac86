import type { MetadataApi } from "jsforce/lib/api/metadata.js";
import { Connection } from "jsforce/lib/core.js";
import type { Schema } from "jsforce/lib/types/index.js";
import { CutoverError } from "../../pipeline/core/errors.ts";
import type { Metrics } from "../../pipeline/stage/metrics.ts";
import type { Secret } from "../../pipeline/stage/secret.ts";
import { codesOf, replyError } from "./errors.ts";
import {
  type HttpReply,
  type HttpRequest,
  openTransport,
  restOf,
  type StreamedBody,
  type StreamedReply,
  type Transport,
} from "../transport.ts";
import { asJsforceTransport } from "./jsforce-transport.ts";

/** How we reach one org as one integration user. */
export interface ClientOptions {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** 59.0 or newer. */
  readonly apiVersion: string;
  /** Plain http to this machine: for rehearsals only. */
  readonly allowLoopback: boolean;
  /** Bounds one call with all its parts, a fresh token included. */
  readonly timeoutMs: number;
  /** PEM of an authority trusted in addition. */
  readonly ca?: string;
  readonly metrics: Metrics;
}

/** One call to the org. */
export interface Call {
  /** Label of the call in metrics and errors: query, bulk, composite, … */
  readonly api: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/services/data/vXX.X/`, or absolute from `/`. */
  readonly path: string;
  readonly body?: string | Buffer;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A lost reply leaves open whether it was done. */
  readonly write?: true;
  /** Statuses beside 2xx that are answers, not errors. */
  readonly accept?: readonly number[];
}

/** One call with bodies that are streamed both ways. */
export interface StreamedCall extends Omit<Call, "body"> {
  readonly body?: StreamedBody;
}

/** A metadata component, elements as the Metadata API guide names them. */
export type Component = { readonly fullName: string } & Readonly<Record<string, unknown>>;

/** What became of one component. */
export interface SaveResult {
  readonly fullName: string;
  readonly success: boolean;
  readonly errors: readonly { readonly statusCode: string; readonly message: string }[];
}

/** The one door to Salesforce; jsforce keeps the session behind it. */
export interface SalesforceClient {
  call(call: Call): Promise<HttpReply>;
  /** Sent by ourselves, because jsforce holds whole bodies and repeats a streamed one empty. */
  stream(call: StreamedCall): Promise<StreamedReply>;
  /** Metadata components of one type by their full names, at most ten: those that are there. */
  readMetadata(type: string, names: readonly string[]): Promise<readonly Component[]>;
  /** Makes components of one type, or changes those that are there, at most ten; one result each. */
  saveMetadata(type: string, components: readonly Component[]): Promise<readonly SaveResult[]>;
  /** A young token: taken before an upload, because a session lost in mid-upload costs the job. */
  refresh(): Promise<void>;
  readonly dataPath: string;
  /** Our user's id. */
  readonly userId: string;
  /** Epoch milliseconds by the org's clock at the last reply, whole seconds. */
  readonly serverTime: number;
  close(): Promise<void>;
}

/** Sessions live 15 minutes or longer (session settings). */
const freshMs = 10 * 60 * 1000;
const vendorHosts = /\.(salesforce|force|salesforce-setup|cloudforce)\.com$/;

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
      const form = new URLSearchParams({
        grant_type: "client_credentials",
        client_id: this.#options.clientId,
        client_secret: this.#options.clientSecret.reveal(),
      });
      const request: HttpRequest = {
        method: "POST",
        url: new URL("/services/oauth2/token", this.#options.loginUrl).href,
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          accept: "application/json",
        },
        body: form.toString(),
      };
      this.#take(await this.#transport.send(request, this.#options.timeoutMs));
    } catch (error) {
      this.#authError = unsent(error);
      throw this.#authError;
    }
  }

  /** Keeps the token; the org's address is taken once and never changes after. */
  #take(reply: HttpReply): void {
    this.#count("token", String(reply.statusCode));
    if (reply.statusCode !== 200) throw refused(reply, this.#options.clientId);
    const granted = JSON.parse(reply.body) as {
      access_token: string;
      instance_url: string;
      id: string;
    };
    const known = this.#refreshedAt > 0 ? this.#connection.instanceUrl : undefined;
    checkUrl(granted.instance_url, this.#options.allowLoopback, known);
    this.#connection.instanceUrl = new URL(granted.instance_url).origin;
    this.#connection.accessToken = granted.access_token;
    this.userId = granted.id.split("/").at(-1) as string;
    this.#refreshedAt = performance.now();
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}

/** Nothing is done by asking for a token: a lost reply is an outage. */
function unsent(error: unknown): CutoverError {
  if (error instanceof CutoverError && error.code !== "SINK_REPLY_LOST") return error;
  return new CutoverError("SINK_UNAVAILABLE", "Salesforce's token endpoint does not answer.", {
    cause: error,
  });
}

function refused(reply: HttpReply, clientId: string): CutoverError {
  const [said] = codesOf(reply.body);
  if (reply.statusCode >= 500) return replyError(reply.statusCode, reply.body, "token", false);
  return new CutoverError(
    "SINK_AUTH_REFUSED",
    `Salesforce refuses client ${clientId} (${said?.code ?? `HTTP ${reply.statusCode}`}): check client_id and ` +
      "client_secret, that login_url is the org's My Domain, and that the connected app has the " +
      "client credentials flow with a run-as user.",
  );
}

/** Tokens and records go to the vendor's hosts only, over https, and to one org. */
function checkUrl(url: string, allowLoopback: boolean, pinned: string | undefined): void {
  const { protocol, hostname, origin } = new URL(url);
  const loopback = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  if (pinned !== undefined && origin !== pinned) {
    throw new CutoverError("SINK_AUTH_REFUSED", `The org's address changed to ${origin}.`);
  }
  if (loopback && allowLoopback) return;
  if (protocol === "https:" && vendorHosts.test(hostname)) return;
  throw new CutoverError(
    "CONFIG_INVALID",
    `${origin} is no https address of Salesforce (rehearsals set allow_loopback: true).`,
  );
}
