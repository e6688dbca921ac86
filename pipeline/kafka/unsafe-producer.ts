import rdkafka, { type Producer } from "node-rdkafka";
import { type KafkaConnection, sharedConfig } from "./connection.ts";
import type { TopicOffset } from "./partitions.ts";
import type { Transaction, TransactionalProducer } from "./producer.ts";

/**
 * The positive control of the kill tests: the same interface without transactions. Everything sent
 * stands at once, offsets are committed afterwards. Only a test asks for it
 * (`CUTOVER_UNSAFE_NO_TRANSACTIONS`), to see that its checker finds doubles.
 */
export async function openUnsafeProducer(
  connection: KafkaConnection,
): Promise<TransactionalProducer> {
  const producer: Producer = new rdkafka.Producer(
    { ...sharedConfig(connection), "linger.ms": 0 },
    {
      partitioner: "murmur2_random",
    },
  );
  producer.on("event.error", () => {});
  await new Promise<void>((resolve, reject) => {
    producer.connect({ timeout: 15_000 }, (error) => (error ? reject(error) : resolve()));
  });
  producer.setPollInterval(10);
  return {
    async transaction(work) {
      let commit = (): void => {};
      const transaction: Transaction = {
        send: (topic, key, value, headers) => {
          const list = headers && Object.entries(headers).map(([name, text]) => ({ [name]: text }));
          producer.produce(topic, null, value, key, null, undefined, list);
        },
        sendOffsets: (consumer, offsets) => {
          // An empty list would mean "whatever is stored".
          if (offsets.length > 0) commit = () => consumer.raw.commitSync(offsets as TopicOffset[]);
        },
      };
      await work(transaction);
      await new Promise<void>((resolve, reject) => {
        producer.flush(30_000, (error) => (error ? reject(error) : resolve()));
      });
      commit();
    },
    close: () => new Promise((resolve) => producer.disconnect(() => resolve())),
  };
}
