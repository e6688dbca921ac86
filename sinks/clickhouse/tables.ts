import { inBuckets } from "./buckets.ts";

/**
 * Every record of every topic is one row, ordered by its bucket and its place in the log: reading a
 * topic again writes the same rows, and they fold. Only `request_key`, `observed_read` and `position`
 * are ordered by what they are about, because many records repeat what they hold.
 */
const place = "topic LowCardinality(String), partition Int32, offset Int64";
const text = "Nullable(String)";
const at = "DateTime64(3, 'UTC')";
const version =
  "run Int32, source_topic LowCardinality(String), source_partition Int32, source_offset Int64";
const byPlace = "ENGINE = ReplacingMergeTree ORDER BY (topic, partition, offset)";
const byKey = inBuckets("ReplacingMergeTree", "key", "topic, partition, offset");

/** Tables of the ledger, in the order they are created. */
export const tables: Readonly<Record<string, string>> = {
  /**
   * Versions of source records; bodies stay in Kafka. \`kinds\`: what is odd about the record by
   * itself, \`facts\`: what says so together with its neighbours; see the view finding.
   */
  source_record: `(entity LowCardinality(String), source_id String, key String, deleted Bool,
    delete_reason ${text}, members ${text}, order_id ${text}, repair Bool, revision Int32,
    hash String, read_at ${at}, committed_at ${at}, kinds Array(LowCardinality(String)),
    facts Map(LowCardinality(String), String), properties Map(LowCardinality(String), String),
    ${place}) ${byKey}`,
  /**
   * What the transform made: fields in the destination's canonical text (JSON: as a map they cost three
   * times the memory), a hash for each of several rows.
   */
  load_record: `(object LowCardinality(String), key String, source_id String,
    entity LowCardinality(String), ${version}, plan LowCardinality(String), revision Int32,
    operation LowCardinality(String), delete_reason ${text}, repair Bool, order_id ${text},
    hash String, committed_at ${at}, fields String CODEC(ZSTD(1)),
    digest String, rows Array(String), owners Map(LowCardinality(String), String),
    stamps Map(LowCardinality(String), String),
    lookups Map(LowCardinality(String), String), amounts Map(LowCardinality(String), String),
    ${place}) ${byKey}`,
  /** How each version ended. */
  outcome: `(object LowCardinality(String), key String, source_id String,
    entity LowCardinality(String), ${version}, outcome LowCardinality(String), reason ${text},
    code ${text}, field ${text}, message ${text}, destination_id ${text}, request_id ${text},
    order_id ${text}, committed_at ${at}, ended_at ${at}, duration_ms Int64, ${place}) ${byKey}`,
  /** States of the writes to the destination. */
  request: `(request_id String, run Int32, channel LowCardinality(String),
    state LowCardinality(String), job_id ${text}, lane LowCardinality(String), rows Int32,
    objects Array(LowCardinality(String)), at ${at}, note ${text}, ${place}) ${byPlace}`,
  /** Which versions a request names. */
  request_key: `(object LowCardinality(String), key String, run Int32,
    source_topic LowCardinality(String), source_partition Int32, source_offset Int64,
    request_id String, operation LowCardinality(String))
    ${inBuckets("ReplacingMergeTree", "key", "object, key, run, source_offset, request_id")}`,
  /** The loader's memory as it stood. */
  identity: `(object LowCardinality(String), key String, source_id String, destination_id ${text},
    more_ids Array(String), ${version}, ended LowCardinality(String), origin LowCardinality(String), deleted Bool,
    rolled_back Bool, at ${at}, ${place}) ${byKey}`,
  /** Records that wait; \`removed\` ends a wait. */
  parked: `(object LowCardinality(String), key String, removed Bool, source_id String,
    entity LowCardinality(String), ${version}, reason LowCardinality(String), field ${text},
    waits_for_object ${text}, waits_for_key ${text}, code ${text}, message ${text},
    attempts Int32, since ${at}, next_try_at Nullable(${at}), ${place}) ${byKey}`,
  /** Letters; \`object\` is empty where the whole record is rejected, \`source_offset\` -1 where the poller did it. */
  rejected: `(entity LowCardinality(String), source_id String, key String,
    object LowCardinality(String), code LowCardinality(String), stage LowCardinality(String),
    field ${text}, message String, revision Int32, source_topic LowCardinality(String),
    source_partition Int32, source_offset Int64, at ${at}, ${place}) ${byKey}`,
  /** Destination rows as read; \`key\` is empty where the object has none, see row_key. */
  observed_row: `(object LowCardinality(String), destination_id String,
    key String, deleted Bool, fields String CODEC(ZSTD(1)), digest String,
    row String, owners Map(LowCardinality(String), String), stamps Map(LowCardinality(String), String),
    lookups Map(LowCardinality(String), String), amounts Map(LowCardinality(String), String),
    modified_at Nullable(${at}), modified_by ${text}, read_id String, lane LowCardinality(String),
    read_at ${at}, ${place}) ${inBuckets("ReplacingMergeTree", "destination_id", "topic, partition, offset")}`,
  /** The vectors of a reply: its rows, a sweep's begin (and who we are) or end, or an answer that nothing is there. */
  observed_read: `(kind LowCardinality(String), object LowCardinality(String), key String,
    read_id String, read_at ${at}, outcome_before Array(Int64), request_after Array(Int64),
    load_before Array(Int64), observed_end Array(Int64), rows Int64, our_user String)
    ENGINE = ReplacingMergeTree ORDER BY (object, kind, read_at, read_id)`,
  /** Who decided what and when. */
  control_event: `(kind LowCardinality(String), name String, value String, said_by String,
    at ${at}, ${place}) ${byPlace}`,
  /** Values no record could be read from. */
  unreadable: `(message String, bytes Int64, ${place}) ${byPlace}`,
  /** How far the ledger has read: everything below is in these tables. */
  position: `(topic LowCardinality(String), partition Int32, offset Int64)
    ENGINE = ReplacingMergeTree(offset) ORDER BY (topic, partition)`,
  /** The confirmed plan's objects, written at every start. */
  plan_object: `(object LowCardinality(String), entity LowCardinality(String),
    keyless Bool, several Bool, is_user Bool)
    ENGINE = ReplacingMergeTree ORDER BY (object, entity)`,
  /** The confirmed plan's fields, written at every start. */
  plan_field: `(object LowCardinality(String), entity LowCardinality(String), field String,
    type LowCardinality(String), place Int32, create_only Bool, owner Bool,
    lookup Bool, clearable Bool, per_row Bool)
    ENGINE = ReplacingMergeTree ORDER BY (object, entity, field)`,
};
