import { loadTopic, sourceTopic } from "../../topics/index.ts";
import type { LoadRecord } from "../core/load-record.ts";
import type { Codecs } from "../kafka/codec.ts";
import type { CompiledPlan } from "../mapping/compile.ts";
import type { Mapper } from "../mapping/mapper.ts";

/** Where one entity's records go: the mapping, its load topic, and the encoder of that topic. */
export interface Destination {
  readonly mapper: Mapper;
  readonly topic: string;
  readonly encode: (record: LoadRecord) => Buffer;
}

/** The destinations of every entity; registers the schemas of both sides. */
export async function destinationsOf(options: {
  readonly codecs: Codecs;
  readonly compiled: CompiledPlan;
  readonly migration: string;
}): Promise<ReadonlyMap<string, readonly Destination[]>> {
  const { codecs, compiled, migration } = options;
  const byEntity = new Map<string, Destination[]>();
  for (const [entity, mappers] of compiled.mappers) {
    // Knowing our own schema, the codec resolves older and newer ones into it.
    await codecs.encoder(sourceTopic(migration, entity));
    const list: Destination[] = [];
    for (const mapper of mappers) {
      const topic = loadTopic(migration, mapper.object);
      const encode = await codecs.encoder(topic, compiled.schemas.get(mapper.object));
      list.push({ mapper, topic: topic.name, encode });
    }
    byEntity.set(entity, list);
  }
  return byEntity;
}
