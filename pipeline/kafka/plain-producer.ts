import rdkafka, { type LibrdKafkaError } from "node-rdkafka";
import { connectOptions } from "./connect-options.ts";
import { type KafkaConnection, sharedConfig } from "./connection.ts";
import { wrapKafkaError } from "./kafka-errors.ts";

/** An idempotent producer without transactions: single events of a person or of the run. */
export interface PlainProducer {
  /** Resolves when the broker has acknowledged. */
  send(topic: string, key: string, value: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** Opens one; send it what stands alone. */
export async function openPlainProducer(connection: KafkaConnection): Promise<PlainProducer> {
  const producer = new rdkafka.HighLevelProducer(
    { ...sharedConfig(connection), "enable.idempotence": true, "linger.ms": 0 },
    { partitioner: "murmur2_random" },
  );
  producer.on("event.error", () => {});
  await new Promise<void>((resolve, reject) => {
    producer.connect(connectOptions(15_000), (error) =>
      error ? reject(wrapKafkaError(error)) : resolve(),
    );
  });
  producer.setPollInterval(20);
  return {
    send: (topic, key, value) =>
      new Promise((resolve, reject) => {
        producer.produce(topic, null, value, key, null, (error: LibrdKafkaError | null) =>
          error ? reject(wrapKafkaError(error)) : resolve(),
        );
      }),
    close: () => new Promise((resolve) => producer.disconnect(() => resolve())),
  };
}
