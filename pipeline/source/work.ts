import { CutoverError, type RecordError } from "../core/errors.ts";
import type { Meta } from "../core/generated/records.ts";
import { rejectionHeaders, rejectionKey } from "../core/rejection.ts";
import type { SourceEntity, SourceRecord } from "../core/source-record.ts";
import { type CompiledStream, type EntityRules, namesText } from "./compiled-stream.ts";
import { digest } from "./hash.ts";
import { type Death, stateOf } from "./death.ts";
import { countedAs, type Derived } from "./derived.ts";
import { Merges } from "./merge.ts";
import type { SourceStore, Stored } from "./source-store.ts";

/** One record to be produced. */
export interface Send {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Codecs and topics of the source records. */
export interface EntityOutput {
  readonly topic: string;
  encode(record: SourceRecord): Buffer;
  decode(body: Buffer): Record<string, unknown>;
}

/** What every transaction of the poller works with. */
export interface WorkContext {
  readonly store: SourceStore;
  readonly outputs: ReadonlyMap<SourceEntity, EntityOutput>;
  readonly rules: ReadonlyMap<SourceEntity, EntityRules>;
  readonly streams: readonly CompiledStream[];
  readonly rejectedTopic: string;
  readonly derived: Derived;
  readonly revision: number;
  readonly run: number;
  /** Streams whose snapshot has not ended: roots that embed their entities are not whole. */
  readonly unended: (entity: SourceEntity) => boolean;
}

/** A record on its way into its topic. */
export interface Version {
  readonly entity: SourceEntity;
  readonly id: string;
  readonly stream: string;
  /** Fields in the schema's order, with raw and members, without meta. */
  readonly record: Record<string, unknown>;
  readonly own: string;
  readonly hash: string;
  readonly readAt: number;
  readonly death: Death | null;
  readonly members: "pending" | "whole" | null;
  readonly order?: { readonly id: string; readonly repair: boolean };
}

/** What happened to records in one transaction, by `entity outcome code`. */
export type Counts = Map<string, number>;

/** Collects what one transaction produces; the store is written along, in a transaction of its own. */
export class Work {
  readonly context: WorkContext;
  readonly sends: Send[] = [];
  readonly counts: Counts = new Map();
  readonly merges: Merges;
  /** Called for every record written: whoever embeds it is touched. */
  onWritten: (version: Version, before: Stored | undefined) => void = () => {};

  constructor(context: WorkContext) {
    this.context = context;
    this.merges = new Merges(this);
  }

  get store(): SourceStore {
    return this.context.store;
  }

  rules(entity: SourceEntity): EntityRules {
    return this.context.rules.get(entity) as EntityRules;
  }

  decode(entity: SourceEntity, body: Buffer): Record<string, unknown> {
    return (this.context.outputs.get(entity) as EntityOutput).decode(body);
  }

  count(entity: SourceEntity, outcome: string, code = ""): void {
    const key = `${entity} ${outcome} ${code}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  /** Writes a version to its topic and the store; a record Avro cannot hold is rejected. */
  write(version: Version, before: Stored | undefined): void {
    const { entity, id, record, hash, own, readAt, death } = version;
    const output = this.context.outputs.get(entity) as EntityOutput;
    record["meta"] = this.#meta(version);
    let body: Buffer;
    try {
      body = output.encode(record as unknown as SourceRecord);
    } catch (error) {
      if (!(error instanceof CutoverError) || error.disposition !== "reject") throw error;
      this.reject(entity, id, String(record["raw"]), { code: error.code, message: error.message });
      return;
    }
    this.sends.push({ topic: output.topic, key: id, value: body });
    const state = stateOf(death);
    const names = namesText(this.rules(entity), record);
    const pending = version.members === "pending";
    const counted = countedAs(this.context.derived, entity, record, death === null);
    this.store.put(entity, id, { hash, own, readAt, state, pending, names, counted, body }, before);
    this.count(entity, pending ? "pending" : state === "alive" ? "written" : "deleted");
    this.onWritten(version, before);
  }

  #meta({ stream, hash, readAt, death, members, order }: Version): Meta {
    return {
      stream,
      hash,
      read_at: readAt,
      revision: this.context.revision,
      deleted: death !== null,
      deleted_at: death?.at ?? null,
      delete_reason: death?.reason ?? null,
      merged_into: death?.mergedInto ?? null,
      members,
      order: order?.id ?? null,
      repair: order?.repair ?? false,
    };
  }

  /** Sends the original to the rejected topic, once for the same content. */
  reject(entity: SourceEntity, id: string, original: string, error: RecordError): void {
    const content = digest(original);
    if (this.store.rejected.hashOf(entity, id) === content) {
      this.count(entity, "unchanged");
      return;
    }
    this.store.rejected.set(entity, id, content);
    this.sends.push({
      topic: this.context.rejectedTopic,
      key: rejectionKey(entity, id),
      value: Buffer.from(original, "utf8"),
      headers: rejectionHeaders({
        stage: "poll",
        error,
        entity,
        sourceId: id,
        revision: this.context.revision,
        run: this.context.run,
      }),
    });
    this.count(entity, "rejected", error.code);
  }

  /** True, once, where the newest row of this id had been rejected: its letter needs a successor. */
  wasRejected(entity: SourceEntity, id: string): boolean {
    if (this.store.rejected.hashOf(entity, id) === undefined) return false;
    this.store.rejected.clear(entity, id);
    return true;
  }
}
