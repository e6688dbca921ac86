import { afterAll, beforeAll, expect, test } from "vitest";
import { applyTopics } from "../../pipeline/kafka/admin.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { openTransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { allTopics, cursorTopic } from "../../topics/index.ts";
import { migrationName, testConnection, testStage } from "../kafka-connection.ts";

const migration = migrationName("fenced");
const connection = testConnection("fenced-test");
const stage = testStage("fenced-test");
const cursors = cursorTopic(migration);

beforeAll(async () => {
  await applyTopics(connection, allTopics(migration, []), { partitions: 1 });
});
afterAll(() => closeWatermarks());

test("a producer fenced while it writes stops, and does not fence its successor in turn", async () => {
  const encode = await openCodecs(connection).encoder(cursors);
  const options = { transactionalId: migration, stage };
  const aCursor = () => encode({ stream: "s", lane: "fast", state: "{}", at: Date.now() });
  const first = await openTransactionalProducer(connection, options);
  const second = await openTransactionalProducer(connection, options);
  const writing = first.transaction(async (tx) => {
    // What it is told first is not why: the client notices the fence between two of its writes.
    for (;;) {
      tx.send(cursors.name, "s", aCursor());
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  await expect(writing).rejects.toMatchObject({ code: "FENCED" });
  await second.transaction((tx) => tx.send(cursors.name, "s", aCursor()));
  await first.close();
  await second.close();
});
