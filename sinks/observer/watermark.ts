import type { Observed } from "../../pipeline/core/generated/records.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import { readToEnd } from "../../pipeline/kafka/reader.ts";
import { observedTopic } from "../../topics/index.ts";
import { emptyRecord, type ObservedWriter } from "./observed-writer.ts";

const readId = "fast";

/** How far the fast lane had read each object, on the destination's clock, when it last stopped. */
export async function readWatermarks(
  connection: KafkaConnection,
  migration: string,
): Promise<ReadonlyMap<string, number>> {
  const codecs = openCodecs(connection);
  const found = new Map<string, number>();
  await readToEnd(connection, [observedTopic(migration).name], async (record) => {
    if (record.value === null || !record.key?.endsWith(`|watermark|${readId}`)) return;
    const { object, modified_at } = await codecs.decode<Observed>(record.value);
    if (modified_at !== null) found.set(object, modified_at);
  });
  return found;
}

/** Notes how far the fast lane has read an object. */
export function writeWatermark(writer: ObservedWriter, object: string, at: number): Promise<void> {
  const record = emptyRecord("watermark", object, readId, "fast");
  return writer.say([{ ...record, modified_at: at, read_at: writer.clock() }]);
}
