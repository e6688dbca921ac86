import type { Control, Cursor } from "../core/generated/records.ts";
import type { SourceEntity } from "../core/source-record.ts";
import type { Codecs } from "../kafka/codec.ts";
import type { KafkaConnection } from "../kafka/connection.ts";
import { type ControlFollower, followControl } from "../kafka/control.ts";
import { readToEnd } from "../kafka/reader.ts";
import type { Stage } from "../stage/stage.ts";
import { controlTopic, cursorTopic, rejectedTopic } from "../../topics/index.ts";
import { compileStreams, entityRules } from "./compiled-stream.ts";
import { Cursors, type CursorStates, type Lane } from "./cursor.ts";
import type { Derived } from "./derived.ts";
import { Finish } from "./finish.ts";
import type { SourceHttp } from "./http.ts";
import type { Polled } from "./lane.ts";
import { Orders } from "./orders.ts";
import type { PollerOptions } from "./poller.ts";
import { Rereads } from "./rereads.ts";
import { Snapshots } from "./snapshots.ts";
import { SourceClock } from "./source-clock.ts";
import type { SourceStore } from "./source-store.ts";
import { readerOf } from "./open-reader.ts";
import type { EntityOutput, Work, WorkContext } from "./work.ts";
import { WorkQueue } from "./work-queue.ts";

/** What a session is made of. */
export interface SessionParts {
  readonly options: PollerOptions;
  readonly store: SourceStore;
  readonly http: SourceHttp;
  readonly control: ControlFollower;
  readonly cursors: Cursors;
  readonly outputs: ReadonlyMap<SourceEntity, EntityOutput>;
  readonly derived: Derived;
  readonly encodeCursor: (value: Cursor) => Buffer;
  readonly encodeControl: (value: Control) => Buffer;
}

/** Everything the lanes of one polling session share: from fencing until it stops or must begin anew. */
export class Session {
  readonly stage: Stage;
  readonly pollMs: number | undefined;
  readonly queue = new WorkQueue();
  readonly clock = new SourceClock();
  readonly finish: Finish;
  readonly rereads: Rereads;
  /** Rows whose files could not be fetched. */
  readonly unfetched: Rereads;
  readonly orders: Orders;
  readonly snapshots: Snapshots;
  readonly context: WorkContext;
  readonly polled: readonly Polled[];
  readonly cursors: Cursors;
  /** Another session is to follow. */
  over = false;
  readonly #parts: SessionParts;
  readonly #polling = new AbortController();
  readonly #watchers: (() => void)[] = [];
  readonly #saved: Pick<Cursor, "stream" | "lane" | "state">[] = [];
  #failure: unknown;

  constructor(parts: SessionParts) {
    const { options, store, outputs, control, cursors, derived } = parts;
    const { profile, migration, stage } = options;
    this.#parts = parts;
    this.stage = stage;
    this.pollMs = options.pollMs;
    this.cursors = cursors;
    const streams = compileStreams(profile);
    const unended = (entity: SourceEntity): boolean =>
      streams.some(
        (each) => each.entity === entity && cursors.get(each.profile.name, "fast")?.ended !== true,
      );
    this.context = {
      store,
      outputs,
      streams,
      unended,
      derived,
      rules: entityRules(profile, derived),
      rejectedTopic: rejectedTopic(migration).name,
      get revision() {
        return control.state.get("owners", "owners")?.revision ?? 0;
      },
      get run() {
        return control.state.get("run", "run")?.run ?? 1;
      },
    };
    this.polled = streams.map((stream) => ({
      stream,
      name: stream.profile.name,
      reader: readerOf(stream, parts),
    }));
    this.finish = new Finish(this.clock);
    const saved = (lane: "reread" | "files") =>
      new Map(this.polled.map(({ name }) => [name, cursors.get(name, lane)?.ids ?? []]));
    this.rereads = new Rereads(saved("reread"));
    this.unfetched = new Rereads(saved("files"));
    this.snapshots = new Snapshots(this, control.state.all("snapshot_end").keys());
    this.orders = new Orders(this);
    stage.stopping.addEventListener("abort", () => this.endPolling(), { once: true });
    if (stage.stopping.aborted) this.endPolling();
  }

  /** Aborted when polling is over: finished, stopping or failed. */
  get signal(): AbortSignal {
    return this.#polling.signal;
  }

  endPolling(): void {
    this.#polling.abort();
    this.notify();
  }

  /** A lane has failed for good: the writer throws it at its next round. */
  readonly fail = (error: unknown): void => {
    this.#failure ??= error;
    this.endPolling();
  };

  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves at the next commit, or when polling is over. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) resolve();
      else this.#watchers.push(resolve);
    });
  }

  notify(): void {
    for (const resolve of this.#watchers.splice(0)) resolve();
  }

  /** Saves a lane's cursor with this transaction, where it says something new. */
  saveCursor<L extends Lane>(work: Work, stream: string, lane: L, state: CursorStates[L]): void {
    if (!this.cursors.differs(stream, lane, state)) return;
    const cursor = { stream, lane, state: JSON.stringify(state), at: Date.now() };
    const topic = cursorTopic(this.#parts.options.migration);
    const value = this.#parts.encodeCursor(cursor);
    work.sends.push({ topic: topic.name, key: topic.key(cursor), value });
    this.#saved.push(cursor);
  }

  /** Says something in the control log with this transaction. */
  say(work: Work, event: Control): void {
    const topic = controlTopic(this.#parts.options.migration);
    const value = this.#parts.encodeControl(event);
    work.sends.push({ topic: topic.name, key: topic.key(event), value });
  }

  /** Last in a transaction: rows to be read again are saved with it. */
  saveRereads(work: Work): void {
    for (const stream of this.rereads.takeChanged()) {
      this.saveCursor(work, stream, "reread", { ids: this.rereads.of(stream) });
    }
    for (const stream of this.unfetched.takeChanged()) {
      this.saveCursor(work, stream, "files", { ids: this.unfetched.of(stream) });
    }
  }

  /** The transaction was committed: what it saved is now known. */
  committed(): void {
    for (const cursor of this.#saved.splice(0)) this.cursors.apply(cursor);
    this.rereads.committed();
    this.unfetched.committed();
    this.notify();
  }

  /** The transaction is to be made again. */
  undone(): void {
    this.#saved.length = 0;
    this.rereads.undone();
    this.unfetched.undone();
  }
}

/** Reads every lane's newest cursor. */
export async function readCursors(
  connection: KafkaConnection,
  codecs: Codecs,
  migration: string,
): Promise<Cursors> {
  const cursors = new Cursors();
  await readToEnd(connection, [cursorTopic(migration).name], async ({ value }) => {
    if (value !== null) cursors.apply(await codecs.decode<Cursor>(value));
  });
  return cursors;
}

/** Follows the migration's control log, read to its end once. */
export async function openControl(
  connection: KafkaConnection,
  migration: string,
): Promise<ControlFollower> {
  const control = await followControl(connection, migration);
  await control.catchUp();
  return control;
}
