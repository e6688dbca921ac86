import type { FieldValue } from "../../pipeline/core/load-record.ts";
import { sourceKey } from "../../pipeline/core/source-key.ts";
import type { Version } from "../../pipeline/core/version.ts";
import { readSchema } from "../../pipeline/kafka/schema-files.ts";
import * as topics from "../../topics/index.ts";
import type { Topic } from "../../topics/index.ts";
import { blank } from "./blank.ts";
import { TopicWriter } from "./topic-writer.ts";

/** Fields of a record as the transform makes them. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** The entity of a source key. */
export function entityOf(key: string): string {
  return key.slice(0, key.lastIndexOf("-"));
}

/** The source's id in it. */
export function idOf(key: string): string {
  return key.slice(key.lastIndexOf("-") + 1);
}

/** Writes what poller, transform and loader would. */
export class StageScribe extends TopicWriter {
  /** A version of a source record. */
  async source(
    entity: string,
    id: string,
    meta: object = {},
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<Version> {
    const topic = topics.sourceTopic(this.migration, entity);
    const base = blank(readSchema(`source/${entity}`)) as { meta: object };
    const value = {
      ...base,
      active: true,
      ...fields,
      id,
      meta: { ...base.meta, read_at: this.now(), ...meta },
    };
    const offset = await this.write(topic as unknown as Topic<unknown>, value);
    return { run: 1, topic: topic.name, partition: 0, offset };
  }

  /** What the transform makes of it. */
  async load(
    object: string,
    id: string,
    version: Version,
    fields: Fields | null,
    rows: readonly Fields[] | null = null,
  ): Promise<void> {
    const entity = version.topic.split(".").at(-1) as string;
    await this.write(topics.loadTopic(this.migration, object), {
      ...{
        key: sourceKey(entity, id),
        source_id: id,
        entity,
        version,
        plan: this.plan.hash,
        revision: 0,
      },
      ...{ operation: fields === null ? "delete" : "upsert", delete_reason: null, repair: false },
      ...{ order: null, hash: JSON.stringify(fields), committed_at: this.now(), fields },
      ...(rows === null ? {} : { rows }),
    });
  }

  async request(object: string, key: string, version: Version, state: string): Promise<void> {
    await this.write(topics.requestTopic(this.migration), {
      ...{ request_id: `${key}-${version.offset}`, run: 1, channel: "small", state },
      ...{ job_id: null, lane: "one", rows: 1, at: this.now(), note: null },
      groups: [
        {
          ...{ object, operation: "insert", topic: "", source_topic: version.topic },
          entries: [
            {
              ...{ key, offset: version.offset, partition: 0, load_offset: 0, load_partition: 0 },
              destination_id: null,
              more_ids: [],
            },
          ],
        },
      ],
    });
  }

  async outcome(
    object: string,
    key: string,
    version: Version,
    outcome: string,
    code: string | null = null,
    reason: string | null = null,
  ): Promise<void> {
    await this.write(topics.outcomeTopic(this.migration), {
      ...{
        object,
        key,
        source_id: idOf(key),
        entity: entityOf(key),
        version,
        outcome,
      },
      ...{ reason, code, field: null, message: null, destination_id: null, request_id: null },
      ...{ order: null, committed_at: this.now(), ended_at: this.now(), duration_ms: 1 },
    });
  }

  /** What the loader remembers of a record: the rows it stands in. */
  async identity(
    object: string,
    key: string,
    version: Version,
    ids: readonly string[],
  ): Promise<void> {
    const [destination_id = null, ...more_ids] = ids;
    await this.write(topics.identityTopic(this.migration), {
      ...{ object, key, source_id: idOf(key), destination_id, more_ids, version, ended: "created" },
      ...{ hash: null, references: [], origin: "created", preimage: false, deleted: false },
      ...{ cleared: [], incomplete: false, rolled_back: false, at: this.now() },
    });
  }

  async parked(object: string, key: string, version: Version, reason: string): Promise<void> {
    await this.write(topics.parkedTopic(this.migration), {
      ...{
        object,
        key,
        source_id: idOf(key),
        entity: entityOf(key),
        version,
        reason,
        field: "AccountId",
      },
      ...{ waits_for_object: "Account", waits_for_key: "customer-9", code: null, message: null },
      ...{ attempts: 1, since: this.now(), next_try_at: null, load_partition: 0, load_offset: 0 },
      record: Buffer.from("x"),
    });
  }

  async unparked(object: string, key: string): Promise<void> {
    await this.send(topics.parkedTopic(this.migration).name, `${object}|${key}`, null);
  }

  async rejected(entity: string, id: string, version: Version, code: string): Promise<void> {
    await this.send(
      topics.rejectedTopic(this.migration).name,
      `${entity}|${id}`,
      Buffer.from("?"),
      {
        "cutover.error.code": code,
        "cutover.stage": "transform",
        "cutover.entity": entity,
        "cutover.source.id": id,
        "cutover.field": "urgency",
        "__connect.errors.topic": version.topic,
        "__connect.errors.partition": "0",
        "__connect.errors.offset": String(version.offset),
        "__connect.errors.exception.message": "no entry for the value",
      },
    );
  }
}
