import type { SourceRecord } from "../pipeline/core/source-record.ts";
import { historyConfig, sizeConfig, type Topic } from "./topic.ts";

/** Every record of an entity as Q Dispatch last reported it; deletes are records, never null. */
export function sourceTopic(migration: string, entity: string): Topic<SourceRecord> {
  return {
    name: `${migration}.source.${entity}`,
    schema: `source/${entity}`,
    compatibility: "FULL_TRANSITIVE",
    key: (record) => record.id,
    partitions: "data",
    cleanup: "compact",
    config: { ...historyConfig, ...sizeConfig },
  };
}
