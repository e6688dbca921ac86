import type { Version } from "../../pipeline/core/version.ts";
import type { Consumed } from "../../pipeline/kafka/consumer.ts";
import type { Row } from "./database.ts";

/** Where rows go, by table. */
export type Emit = (table: string, row: Row) => void;

/** Epoch milliseconds as ClickHouse reads a DateTime64(3): decimal seconds. */
export function stamp(ms: number | null): string | null {
  return ms === null ? null : (ms / 1000).toFixed(3);
}

/** A record's place in the log: what every table is ordered by. */
export function place({
  topic,
  partition,
  offset,
}: Pick<Consumed, "topic" | "partition" | "offset">) {
  return { topic, partition, offset };
}

/** The columns of a version. */
export function versionColumns(version: Version) {
  return {
    run: version.run,
    source_topic: version.topic,
    source_partition: version.partition,
    source_offset: version.offset,
  };
}

/** The two parts of a key like `<object>|<source key>`. */
export function keyParts(text: string): [string, string] {
  const bar = text.indexOf("|");
  return bar < 0 ? ["", text] : [text.slice(0, bar), text.slice(bar + 1)];
}
