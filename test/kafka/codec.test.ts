import { readdirSync, rmSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { applyTopics } from "../../pipeline/kafka/admin.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import type { Cursor, Observed } from "../../pipeline/core/generated/records.ts";
import { cursorTopic, observedTopic } from "../../topics/index.ts";
import { migrationName, testConnection } from "../kafka-connection.ts";

const connection = testConnection("codec-test");
const migration = migrationName("codec");
const cursors = cursorTopic(migration);
const observed = observedTopic(migration);
const aCursor = (state: string): Cursor => ({ stream: "s", lane: "fast", state, at: 1 });

beforeAll(async () => {
  await applyTopics(connection, [cursors, observed], {
    partitions: 1,
  });
});

test("a 2 MB value travels by claim check and comes back byte for byte", async () => {
  const codecs = openCodecs(connection);
  const state = "é".repeat(1_000_000);
  const claim = (await codecs.encoder(cursors))(aCursor(state));
  expect(claim.length).toBe(33);
  expect((await codecs.decode<Cursor>(claim)).state).toBe(state);
});

test("a claim whose blob is gone is unreadable, not empty", async () => {
  const codecs = openCodecs(connection);
  const claim = (await codecs.encoder(cursors))(aCursor("x".repeat(1_000_000)));
  for (const name of readdirSync(connection.blobFolder)) {
    rmSync(`${connection.blobFolder}/${name}`, { recursive: true });
  }
  await expect(codecs.decode(claim)).rejects.toMatchObject({ code: "RECORD_UNREADABLE" });
});

test("a lone surrogate is refused with its field, true U+FFFD and every other text pass", async () => {
  const encode = await openCodecs(connection).encoder(cursors);
  expect(() => encode(aCursor("broken \ud800 text"))).toThrowError(
    expect.objectContaining({
      code: "TEXT_NOT_ENCODABLE",
      message: expect.stringContaining("state"),
    }),
  );
  for (const text of ["\ufffd", "👩‍🚒 \u202e rtl", "\u0000", "a\r\nb"]) {
    const back = await openCodecs(connection).decode<Cursor>(encode(aCursor(text)));
    expect(back.state).toBe(text);
  }
});

test("a map key __proto__ is refused instead of dropped", async () => {
  const encode = await openCodecs(connection).encoder(observed);
  const fields = JSON.parse('{"__proto__": "x"}') as Record<string, string>;
  const row = {
    kind: "row",
    object: "Case",
    destination_id: "1",
    key: null,
    deleted: false,
    fields,
  } as Observed;
  expect(() =>
    encode({
      ...row,
      modified_at: null,
      modified_by: null,
      read_id: "r",
      lane: "fast",
      outcome_before: [],
      request_after: [],
      load_before: [],
      read_at: 1,
      rows: null,
    }),
  ).toThrowError(expect.objectContaining({ code: "TEXT_NOT_ENCODABLE" }));
});

test("bytes that are no record are unreadable: foreign framing, cut off, trailing bytes", async () => {
  const codecs = openCodecs(connection);
  const good = (await codecs.encoder(cursors))(aCursor("{}"));
  const broken = [
    Buffer.from("hello"),
    good.subarray(0, good.length - 1),
    Buffer.concat([good, Buffer.from([7])]),
  ];
  for (const value of broken) {
    await expect(codecs.decode(value)).rejects.toMatchObject({ code: "RECORD_UNREADABLE" });
  }
});

test("an incompatible schema is refused before anything is produced", async () => {
  const schema = {
    type: "record",
    name: "Cursor",
    namespace: "cutover.ledger",
    fields: [
      { name: "stream", type: "string" },
      { name: "extra", type: "string" },
    ],
  };
  await expect(openCodecs(connection).encoder(cursors, schema)).rejects.toMatchObject({
    code: "SCHEMA_INCOMPATIBLE",
  });
});
