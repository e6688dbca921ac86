import type { Metrics } from "../../pipeline/stage/metrics.ts";
import type { Secret } from "../../pipeline/stage/secret.ts";
import type { OutgoingCall } from "../outgoing-call.ts";
import type { MayLeave } from "../sink.ts";
import { openTransport } from "../transport.ts";
import { addressesOf } from "./addresses.ts";
import { openDoor } from "./door.ts";
import type { LateText } from "./late-text.ts";
import { type Metadata, openMetadata } from "./metadata.ts";
import { openPool } from "./pool.ts";
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
export interface DynamicsCall extends OutgoingCall {
  /** Text that comes late is made when the call has its turn. */
  readonly body?: string | Buffer | LateText;
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
  const door = openDoor({ throttledMs, counted, waited, addresses, transport, timeoutMs });
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
      metadata: openMetadata({ call }),
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
