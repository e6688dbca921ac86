import { expect, test } from "vitest";
import type { LoadRecord } from "../../pipeline/core/load-record.ts";
import { Memory } from "../../sinks/loader/memory.ts";
import { OffsetTracker } from "../../sinks/loader/offsets.ts";
import { Plans } from "../../sinks/loader/plans.ts";
import { Receiver } from "../../sinks/loader/receive.ts";
import { type OpenRow, rowId, type Taken } from "../../sinks/loader/taken.ts";
import { threeObjects } from "./three-objects.ts";

const topic = "m.load.Account";
const id = rowId("Account", "customer-1");
const load = (offset: number): LoadRecord => ({
  key: "customer-1",
  source_id: "1",
  entity: "customer",
  version: { run: 1, topic: "m.source.customer", partition: 0, offset },
  plan: "",
  revision: 0,
  operation: "upsert",
  delete_reason: null,
  repair: false,
  order: null,
  hash: "",
  committed_at: 0,
  fields: {},
});

const head = (record: LoadRecord) => ({ ...record, ...record.version });

/** A loader just started: its predecessor parked version 1 and sent version 3, and died. */
function afterDeath() {
  const memory = new Memory(() => undefined);
  const adopted = { record: head(load(1)), parkedSince: 1 } as unknown as Taken;
  const open: OpenRow = {
    ...{ id, taken: null, loaded: null },
    requestId: "r",
    operation: "insert",
    offset: 3,
    destinationId: null,
    sent: null,
    moreIds: [],
    older: [adopted],
  };
  memory.of(id).open = open;
  const parts = {
    codecs: { decodeFast: (value: Buffer) => load(Number(value.toString())) },
    store: { identity: { get: () => undefined }, parked: { get: () => ({ run: 1, offset: 1 }) } },
    memory,
    offsets: new OffsetTracker(),
    run: 1,
    plans: new Plans(threeObjects),
    records: {
      keep: (record: LoadRecord) => ({ ...head(record), release: () => undefined }),
    },
    objectOf: new Map([[topic, ["Account", topic]]]),
  };
  const receiver = new Receiver(parts as unknown as ConstructorParameters<typeof Receiver>[0]);
  const read = (version: number) =>
    receiver.receive([
      { topic, partition: 0, offset: version, value: Buffer.from(String(version)) } as never,
    ]);
  return { open, read };
}

test("a version a dead loader parked, read again because its offset was not passed, is in hand once", async () => {
  const { open, read } = afterDeath();
  await read(1);
  expect(open.older.map(({ record }) => record.offset)).toEqual([1]);
});

test("a version between the parked and the sent one is replaced too, and ends with them", async () => {
  const { open, read } = afterDeath();
  await read(2);
  expect(open.older.map(({ record }) => record.offset)).toEqual([1, 2]);
});
