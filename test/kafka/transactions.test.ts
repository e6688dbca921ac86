import { afterAll, beforeAll, expect, test } from "vitest";
import { applyTopics } from "../../pipeline/kafka/admin.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { openAssignedConsumer, openGroupConsumer } from "../../pipeline/kafka/consumer.ts";
import { followControl, openControlWriter } from "../../pipeline/kafka/control.ts";
import { openTransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { readToEnd } from "../../pipeline/kafka/reader.ts";
import {
  closeWatermarks,
  groupPositions,
  highWatermarks,
} from "../../pipeline/kafka/watermarks.ts";
import { allTopics, cursorTopic } from "../../topics/index.ts";
import { migrationName, testConnection, testStage } from "../kafka-connection.ts";

const migration = migrationName("kafka");
const connection = testConnection("kafka-test");
const stage = testStage("kafka-test");
const cursors = cursorTopic(migration);
const aCursor = (stream: string, state = "{}") => ({ stream, lane: "fast", state, at: Date.now() });

beforeAll(async () => {
  await applyTopics(connection, allTopics(migration, []), { partitions: 3 });
});
afterAll(() => closeWatermarks());

test("applying the same topics again changes nothing, and fewer partitions are refused", async () => {
  const again = await applyTopics(connection, allTopics(migration, []), { partitions: 3 });
  expect(again.every((change) => change.change === "unchanged")).toBe(true);
  await expect(
    applyTopics(connection, allTopics(migration, []), { partitions: 2 }),
  ).rejects.toMatchObject({ code: "TOPIC_CONFLICT" });
});

test("what a failed transaction sent is never read, and positions pass over it", async () => {
  const encode = await openCodecs(connection).encoder(cursors);
  const producer = await openTransactionalProducer(connection, {
    transactionalId: migration,
    stage,
  });
  await producer.transaction((tx) => tx.send(cursors.name, "a", encode(aCursor("kept"))));
  await expect(
    producer.transaction((tx) => {
      tx.send(cursors.name, "a", encode(aCursor("lost")));
      throw new Error("the work failed");
    }),
  ).rejects.toThrow("the work failed");
  const codecs = openCodecs(connection);
  const streams: string[] = [];
  await readToEnd(connection, [cursors.name], async (record) => {
    streams.push((await codecs.decode<{ stream: string }>(record.value as Buffer)).stream);
  });
  expect(streams).toEqual(["kept"]);
  const consumer = await openAssignedConsumer(connection, {
    group: `${migration}.reader`,
    topics: [cursors.name],
    from: "committed",
  });
  const ends = await highWatermarks(connection, [cursors.name]);
  await expect
    .poll(async () => {
      await consumer.poll(100);
      return consumer.positions().map((place) => place.offset);
    })
    .toEqual(ends.get(cursors.name));
  await producer.transaction((tx) => tx.sendOffsets(consumer, consumer.positions()));
  const positions = await groupPositions(connection, `${migration}.reader`, [cursors.name]);
  expect(positions.get(cursors.name)).toEqual(ends.get(cursors.name));
  await consumer.close();
  await producer.close();
});

test("a second producer of the same id fences the first", async () => {
  const encode = await openCodecs(connection).encoder(cursors);
  const options = { transactionalId: `${migration}.twin`, stage };
  const first = await openTransactionalProducer(connection, options);
  await first.transaction((tx) => tx.send(cursors.name, "b", encode(aCursor("first"))));
  const second = await openTransactionalProducer(connection, options);
  await expect(
    first.transaction((tx) => tx.send(cursors.name, "b", encode(aCursor("zombie")))),
  ).rejects.toMatchObject({ code: "FENCED" });
  await second.transaction((tx) => tx.send(cursors.name, "b", encode(aCursor("second"))));
  await first.close();
  await second.close();
});

test("a group begins at 0, and goes on where its transactions left it", async () => {
  const encode = await openCodecs(connection).encoder(cursors);
  const group = `${migration}.group`;
  const options = { group, instance: "one", topics: [cursors.name] };
  const producer = await openTransactionalProducer(connection, { transactionalId: group, stage });
  await producer.transaction((tx) => {
    for (let n = 0; n < 50; n += 1) tx.send(cursors.name, `k${n}`, encode(aCursor(`s${n}`)));
  });
  const first = await openGroupConsumer(connection, options);
  const seen = new Set<string>();
  const all = ["a", "b", ...Array.from({ length: 50 }, (_, n) => `k${n}`)];
  await expect
    .poll(async () => {
      for (const record of await first.poll(500)) seen.add(record.key as string);
      return all.every((key) => seen.has(key));
    })
    .toBe(true);
  await producer.transaction((tx) => tx.sendOffsets(first, first.positions()));
  await first.close();
  await producer.transaction((tx) => tx.send(cursors.name, "later", encode(aCursor("later"))));
  const second = await openGroupConsumer(connection, options);
  const keys: (string | null)[] = [];
  await expect
    .poll(async () => {
      for (const record of await second.poll(500)) keys.push(record.key);
      return keys;
    })
    .toEqual(["later"]);
  await second.close();
  await producer.close();
});

test("the control log's newest value wins, and orders are all kept", async () => {
  const writer = await openControlWriter(connection, migration);
  await writer.say("run", "run", { run: 1 }, "test");
  await writer.say("run", "run", { run: 2 }, "test");
  const order = { entity: "job", ids: ["1"], why: "test", repair: true };
  await writer.say("order", "o1", order, "test");
  await writer.say("order", "o2", order, "test");
  const follower = await followControl(connection, migration);
  await follower.catchUp();
  expect(follower.state.get("run", "run")).toEqual({ run: 2 });
  expect([...follower.state.orders.keys()]).toEqual(["o1", "o2"]);
  await follower.close();
  await writer.close();
});
