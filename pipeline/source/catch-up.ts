import type { SourceEntity } from "../core/source-record.ts";
import type { Codecs } from "../kafka/codec.ts";
import type { KafkaConnection } from "../kafka/connection.ts";
import { openAssignedConsumer } from "../kafka/consumer.ts";
import type { TopicOffset } from "../kafka/partitions.ts";
import { highWatermarks } from "../kafka/watermarks.ts";
import { type EntityRules, namesText } from "./compiled-stream.ts";
import { deathIn, stateOf } from "./death.ts";
import { countedAs, type Derived, nothingDerived } from "./derived.ts";
import type { SourceStore } from "./source-store.ts";

/** What catching up needs to know. */
export interface CatchUp {
  readonly connection: KafkaConnection;
  readonly codecs: Codecs;
  readonly store: SourceStore;
  /** Source topic by entity. */
  readonly topics: ReadonlyMap<SourceEntity, string>;
  readonly rules: ReadonlyMap<SourceEntity, EntityRules>;
  readonly derived: Derived;
}

const offsetsFact = "offsets";

/** By which rules the store's records were derived; set when all of them are. */
export const derivedFact = "derived";
const recordsATransaction = 5000;

/**
 * Brings the store to the end of the source topics; only after fencing, so that nobody else writes
 * there. A store that stands behind the topics' ends is another's, one of other rules counts otherwise:
 * both are emptied first. Returns
 * how many records were read.
 */
export async function catchUp(parts: CatchUp): Promise<number> {
  const { connection, store, topics } = parts;
  const ends = await highWatermarks(connection, [...topics.values()]);
  const stands = JSON.parse(store.fact(offsetsFact) ?? "[]") as TopicOffset[];
  const foreign = stands.some(
    ({ topic, partition, offset }) => offset > (ends.get(topic)?.[partition] ?? 0),
  );
  const rule = store.fact(derivedFact) ?? nothingDerived;
  const otherRules = rule !== parts.derived.rule;
  if (foreign || otherRules) store.empty();
  // Until all is derived anew, the store says by which rules it was.
  if (otherRules) store.setFact(derivedFact, rule);
  const consumer = await openAssignedConsumer(connection, {
    group: `${connection.clientId}.catch-up`,
    topics: [...topics.values()],
    from: foreign || otherRules ? [] : stands,
  });
  let records = 0;
  try {
    const behind = (): boolean =>
      consumer.positions().some((at) => at.offset < (ends.get(at.topic)?.[at.partition] ?? 0));
    while (behind()) {
      const batch = await consumer.poll(recordsATransaction);
      store.begin();
      for (const record of batch) await take(parts, record.topic, record.value);
      store.commit();
      records += batch.length;
    }
  } finally {
    await consumer.close();
  }
  noteOffsets(store, ends);
  return records;
}

/** Remembers where the store stands; only while no transaction is open. Lower than the truth does no harm. */
export function noteOffsets(
  store: SourceStore,
  ends: ReadonlyMap<string, readonly number[]>,
): void {
  const places = [...ends].flatMap(([topic, offsets]) =>
    offsets.map((offset, partition) => ({ topic, partition, offset })),
  );
  store.setFact(offsetsFact, JSON.stringify(places));
}

async function take(
  { codecs, store, topics, rules, derived }: CatchUp,
  topic: string,
  body: Buffer | null,
): Promise<void> {
  const entity = [...topics].find(([, name]) => name === topic)?.[0] as SourceEntity;
  const rule = rules.get(entity);
  if (body === null || rule === undefined) return;
  const record = await codecs.decode<Record<string, unknown>>(body);
  const meta = record["meta"] as { hash: string; read_at: number; members: string | null };
  const death = deathIn(record);
  const id = record["id"] as string;
  const now = {
    hash: meta.hash,
    own: rule.hash.own(record),
    readAt: meta.read_at,
    state: stateOf(death),
    pending: meta.members === "pending",
    names: namesText(rule, record),
    counted: countedAs(derived, entity, record, death === null),
    body,
  };
  store.put(entity, id, now, store.get(entity, id));
  if (death?.mergedInto) store.aliases.add(entity, id, death.mergedInto);
  else if (store.aliases.of(entity, id) !== undefined) store.aliases.remove(entity, id);
}
