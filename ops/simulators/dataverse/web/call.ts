import type { IncomingHttpHeaders } from "node:http";
import type { Caller, Environment } from "../environment.ts";

/** One segment of an address: `accounts(accountnumber='A1')` has a name and a key. */
export interface Segment {
  readonly name: string;
  /** What stands in the brackets, decoded: one bare value (key `""`), or named values; undefined without brackets, empty for `()`. */
  readonly key: Readonly<Record<string, KeyLiteral>> | undefined;
  /** The key as it was sent, for answers that repeat it. */
  readonly rawKey: string;
}

/** A literal of an address: a quoted text, or anything else as it stands. */
export interface KeyLiteral {
  readonly quoted: boolean;
  readonly text: string;
}

/** One request or one part of a batch, on its way to a resource. */
export interface Call {
  readonly env: Environment;
  readonly caller: Caller;
  readonly method: string;
  /** The parts of the path after `/api/data/v9.x/`. */
  readonly segments: readonly Segment[];
  /** Query options, decoded; names as sent (`$select`, `@p1`). */
  readonly query: ReadonlyMap<string, string>;
  /** The query as it was sent, without `?`. */
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  /** The preferences of all `Prefer` headers, names in lower case; a flag has the value "true". */
  readonly prefer: ReadonlyMap<string, string>;
  /** The JSON body, or undefined where none came. */
  readonly body: unknown;
  /** `http://host:port` as the client called it. */
  readonly origin: string;
  /** `<origin>/api/data/v9.2`, in the version the client called. */
  readonly base: string;
  /** Within a batch: it may not hold another one. */
  readonly inBatch: boolean;
  /** Within a change set: what `$1` stands for, as an address relative to the base. */
  readonly contentIds?: ReadonlyMap<string, string>;
}

/** What a resource answers. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it stands, with the content type of the headers. */
  readonly text?: string | Buffer;
  /** How many rows were worked on, for the execution-time model; 1 where nothing is said. */
  readonly rows?: number;
  /** Of a batch: how many operations were worked on. */
  readonly operations?: number;
  /** How long the answer is held back, as a customization takes its time. */
  readonly holdMs?: number;
}

/** An address of its own beside the entity sets: a function, an action, or a metadata set, found by the name of the first segment. */
export interface Resource {
  readonly name: string;
  /** Writes run in one transaction with everything they cause; a throw undoes it. */
  handle(call: Call): Reply;
}
