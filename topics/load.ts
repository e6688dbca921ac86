import type { LoadRecord } from "../pipeline/core/load-record.ts";
import { historyConfig, sizeConfig, type Topic } from "./topic.ts";

/** Destination records of one object, references still by source key; the compiled plan has the schema. */
export function loadTopic(migration: string, object: string): Topic<LoadRecord> {
  return {
    name: `${migration}.load.${object}`,
    schema: `load/${object}`,
    compatibility: "BACKWARD",
    key: (record) => record.key,
    partitions: "data",
    cleanup: "compact",
    config: { ...historyConfig, ...sizeConfig },
  };
}
