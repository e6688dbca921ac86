import { DynamicsWebApi } from "dynamics-web-api";
import { CutoverError } from "../../pipeline/core/errors.ts";
import type { Metrics } from "../../pipeline/stage/metrics.ts";
import type { Secret } from "../../pipeline/stage/secret.ts";
import type { MayLeave } from "../sink.ts";
import { openTransport } from "../transport.ts";
import { addressesOf } from "./addresses.ts";
import { openDoor } from "./door.ts";
import { exchange } from "./exchange.ts";
import { type DefinitionQuery, type Definitions, type Metadata, openMetadata } from "./metadata.ts";
import { openPool } from "./pool.ts";
import { replyError } from "./reply-error.ts";
import type { Attempted } from "./throttle.ts";
import { openToken } from "./token.ts";

/** One application user of the environment. */
export interface ApplicationUser {
  readonly clientId: string;
  readonly clientSecret: Secret;
}

/** How we reach one environment as one or several application users. */
export interface ClientOptions {
  /** The environment's address: `https://<name>.crm.dynamics.com`. */
  readonly url: string;
  readonly tenantId: string;
  /** Where tokens are given; absent: the vendor's address for the tenant. */
  readonly tokenUrl?: string;
  /** The first is the one rows are known to be ours by; several raise what the service grants. */
  readonly users: readonly [ApplicationUser, ...ApplicationUser[]];
  /** Plain http to this machine: for rehearsals only. */
  readonly allowLoopback: boolean;
  /** Bounds one attempt of a call. */
  readonly timeoutMs: number;
  /** Bounds the waiting the service asks of one call; absent: ten minutes. */
  readonly throttledMs?: number;
  /** The sliding window of the service's limits; absent: its 300 seconds. */
  readonly windowSeconds?: number;
  readonly metrics: Metrics;
}

/** One call to the environment. */
export interface DynamicsCall {
  /** Label of the call in metrics and errors: create_multiple, batch, query, metadata, … */
  readonly api: string;
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below `/api/data/v9.2/`, or the absolute address of a next page. */
  readonly path: string;
  readonly body?: string | Buffer;
  /** Absent: JSON. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A lost reply leaves open whether it was done. */
  readonly write?: true;
  /** Statuses beside 2xx that are answers, not errors. */
  readonly accept?: readonly number[];
  /** Id of the systemuser it is done for. */
  readonly user?: string;
  /** Calls of one lane are sent as the same application user. */
  readonly lane?: string;
  /** Asked just before each attempt: SINK_UNAVAILABLE where it may not leave. */
  readonly mayLeave?: MayLeave;
}

/** A reply as it came, whole. Names of headers are in lower case. */
export interface DynamicsReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A reply whose body is read as it comes, to its end. */
export interface DynamicsStream extends Omit<DynamicsReply, "body"> {
  readonly body: AsyncIterable<Uint8Array>;
}

/** The one door to an environment. */
export interface DynamicsClient {
  /**
   * Sends one call. What the service throttles waits here and is sent again, up to a bound
   * (SINK_THROTTLED); reads are repeated after an outage (SINK_UNAVAILABLE in the end), a write
   * whose reply is lost throws SINK_REPLY_LOST. A refusal that is no answer of the call's `accept`
   * throws by what it means.
   */
  call(call: DynamicsCall): Promise<DynamicsReply>;
  /** A read whose reply may be large. */
  stream(call: Omit<DynamicsCall, "body" | "write">): Promise<DynamicsStream>;
  readonly metadata: Metadata;
  /** Id of the systemuser behind the first application user. */
  readonly userId: string;
  /** Ids of the systemusers behind all application users: a row one of them wrote last is ours. */
  readonly userIds: readonly string[];
  /** Calls worth having under way at once, >= 1; changes as the service answers. */
  readonly parallel: number;
  /** Epoch milliseconds by the environment's clock at the last reply, whole seconds. */
  readonly serverTime: number;
  close(): Promise<void>;
}

/** No call of a user waits for a connection; the cookie that would pin a server is never sent back. */
const connectionsOfUser = 52;

/** Signs in as every application user and opens the door. Throws SINK_AUTH_REFUSED, SINK_PERMISSION_MISSING, CONFIG_INVALID. */
export async function openClient(options: ClientOptions): Promise<DynamicsClient> {
  const addresses = addressesOf(options);
  const { timeoutMs, metrics, windowSeconds = 300, throttledMs = 600_000 } = options;
  const connections = connectionsOfUser * options.users.length;
  const transport = openTransport({ system: "Dynamics", connections });
  const counted = (api: string, status: string): void =>
    metrics.calls.inc({ system: "destination", api, status });
  const waited = (seconds: number): void =>
    metrics.throttleSeconds.inc({ system: "destination" }, seconds);
  const { origin, token: tokenUrl } = addresses;
  const tokens = options.users.map((user) =>
    openToken({
      ...{ transport, user, tokenUrl, origin, timeoutMs },
      counted: (status) => counted("token", status),
    }),
  );
  const pool = openPool({ tokens, windowSeconds, waited });
  const parts = { throttledMs, counted, waited };
  const door = openDoor({ ...parts, addresses, transport, timeoutMs });
  const definitions: Definitions = async (query) => {
    const reply = await exchange(parts, {
      ...{ api: "metadata", write: false, kind: "metadata" },
      caller: pool.callerOf(undefined),
      send: (token) => asked({ serverUrl: origin, timeout: timeoutMs, token }, query),
    });
    if (reply.status === 404) return undefined;
    if (reply.status === 200) return reply.data;
    throw replyError(reply, "metadata", false);
  };
  const close = async (): Promise<void> => {
    pool.close();
    await transport.close();
  };
  const call: DynamicsClient["call"] = (one) => door.call(pool.callerOf(one.lane), one);
  try {
    const userIds: string[] = [];
    for (const caller of pool.callers) userIds.push(await door.whoAmI(caller));
    return {
      call,
      stream: (one) => door.stream(pool.callerOf(one.lane), one),
      metadata: openMetadata({ definitions, call }),
      userId: userIds[0] as string,
      userIds,
      get parallel() {
        return pool.parallel;
      },
      get serverTime() {
        return door.serverTime;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * One read of definitions by the library, which knows how they are addressed. Nothing else goes this
 * way: it encodes no keys, holds whole bodies, shares the state of batches, shows nothing of what an
 * answer says of the limits, and takes an empty refusal for an unexpected error.
 */
async function asked(
  { serverUrl, timeout, token }: { serverUrl: string; timeout: number; token: string },
  { table, kind, select, expand }: DefinitionQuery,
): Promise<Attempted & { readonly data?: unknown }> {
  // It would follow a proxy of the environment even to this machine; our own calls follow none.
  for (const name of ["http_proxy", "https_proxy"]) delete process.env[name];
  const api = new DynamicsWebApi({
    ...{ serverUrl, timeout },
    dataApi: { version: "9.2" },
    onTokenRefresh: () => Promise.resolve(token),
  });
  const key = `LogicalName='${table}'`;
  const shown = {
    select: [...select],
    expand: expand.map((one) => ({ property: one.property, select: [...(one.select ?? [])] })),
  };
  try {
    const data =
      kind === undefined
        ? await api.retrieveEntity({ key, ...shown })
        : await api.retrieveAttributes({
            ...{ entityKey: key, ...shown },
            castType: `Microsoft.Dynamics.CRM.${kind}`,
          });
    return { status: 200, headers: {}, body: "", data };
  } catch (error) {
    const { status, code, message, headers = {} } = error as Partial<LibraryError>;
    if (status === undefined) {
      throw new CutoverError("SINK_UNAVAILABLE", `Dynamics, metadata: ${String(message)}.`);
    }
    return { status, headers, body: JSON.stringify({ error: { code, message } }) };
  }
}

interface LibraryError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}
