import type { LoadRecord } from "../pipeline/core/load-record.ts";
import { historyConfig, sizeConfig, type Topic } from "./topic.ts";

/** Destination records of one object, references still by source key. */
export function loadTopic(
  migration: string,
  object: string,
  destination = "salesforce",
): Topic<LoadRecord> {
  return {
    name: `${migration}.load.${object}`,
    schema: `${destination}/${object}`,
    compatibility: "BACKWARD",
    key: (record) => record.key,
    partitions: "data",
    cleanup: "compact",
    config: { ...historyConfig, ...sizeConfig },
  };
}
