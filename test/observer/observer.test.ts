import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Observed } from "../../pipeline/core/generated/records.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { type ControlFollower, followControl } from "../../pipeline/kafka/control.ts";
import { readToEnd } from "../../pipeline/kafka/reader.ts";
import { closeWatermarks, highWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { runLedger } from "../../sinks/clickhouse/ledger.ts";
import { type LedgerClient, ledgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { runObserver } from "../../sinks/observer/observer.ts";
import { canonical } from "../../sinks/salesforce/canonical.ts";
import { allTopics, observedTopic } from "../../topics/index.ts";
import { testStage } from "../kafka-connection.ts";
import { LoaderWorld, type RunningLoader } from "../loader/loader-world.ts";
import { threeObjects } from "../loader/three-objects.ts";

const world = new LoaderWorld();
const objects = threeObjects.objects.map(({ object }) => object);
let loader: RunningLoader;
let observer: { stop(): Promise<void> };
let ledger: { client: LedgerClient; stop(): Promise<void> };
let control: ControlFollower;

beforeAll(async () => {
  await world.open();
  loader = await world.start();
  observer = await startObserver();
  ledger = await startLedger();
  control = await followControl(world.connection, world.migration);
});
afterAll(async () => {
  await Promise.allSettled([loader.stop(), observer.stop(), ledger.stop(), control.close()]);
  await world.close();
  await closeWatermarks();
});

async function startObserver() {
  const sink = await world.org.sink();
  const stage = testStage("observer");
  const { connection, migration } = world;
  const running = runObserver({
    ...{ stage, connection, migration, plan: threeObjects, planHash: threeObjects.hash, sink },
    intervalMs: 300,
  });
  running.catch(() => {});
  return {
    stop: async () => {
      stage.stop.abort();
      await running.finally(() => sink.close());
    },
  };
}

async function startLedger() {
  const stage = testStage("ledger");
  const { connection, migration } = world;
  const ready = Promise.withResolvers<string>();
  const path = mkdtempSync(join(tmpdir(), "cutover-ledger-"));
  const running = runLedger({
    ...{ stage, connection, migration, plan: threeObjects, canonical, clickhouse: { path } },
    ...{ httpPort: 0, onReady: ready.resolve },
  });
  running.catch(ready.reject);
  return {
    client: ledgerClient(await ready.promise),
    stop: async () => {
      stage.stop.abort();
      await running;
    },
  };
}

async function observed(): Promise<readonly Observed[]> {
  const codecs = openCodecs(world.connection);
  const found: Observed[] = [];
  await readToEnd(world.connection, [observedTopic(world.migration).name], async (record) => {
    found.push(await codecs.decode<Observed>(record.value as Buffer));
  });
  return found;
}

async function answered(kind: "sweep_done" | "recheck_done", name: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await control.catchUp();
        return control.state.get(kind, name) !== undefined;
      },
      { timeout: 30_000 },
    )
    .toBe(true);
}

async function sweep(name: string): Promise<void> {
  await world.control.say("sweep", name, {}, "test");
  await answered("sweep_done", name);
  await level();
}

async function level(): Promise<void> {
  const names = allTopics(world.migration, objects)
    .map((topic) => topic.name)
    .filter((name) => !/\.(cursor|preimage)$/.test(name));
  const ends = await highWatermarks(world.connection, names);
  const behind = async (): Promise<string[]> => {
    const at = await ledger.client.positions();
    return names.filter((name) =>
      (ends.get(name) ?? []).some((end, index) => (at.get(name)?.[index] ?? 0) < end),
    );
  };
  await expect.poll(behind, { timeout: 30_000 }).toEqual([]);
}

const settled = () => expect.poll(() => world.passed(), { timeout: 20_000 }).toBe(true);
const states = () =>
  ledger.client.query<{ key: string; state: string; reason: string }>(
    "SELECT key, state, reason FROM record_state ORDER BY key",
  );

test("a sweep says every row between its begin and its end, and all that was loaded is equal", async () => {
  await world.owners(2, { "technician-1": await anOwner() }, null);
  await world.say(
    { object: "Account", key: "customer-1", fields: { Name: "  Harbour  ", Phone: "1" } },
    { object: "Account", key: "customer-2", fields: { Name: "Quay" } },
  );
  await settled();
  await world.say(
    {
      object: "Case",
      key: "job-1",
      fields: {
        ...{
          AccountId: "customer-1",
          OwnerId: "technician-1",
          Subject: "Boiler <b>\n2",
          Total__c: "12.5",
        },
        CreatedDate: 1_600_000_000_123,
      },
    },
    { object: "Case", key: "job-2", fields: { Subject: "Pump", ParentId: "job-1" } },
    { object: "Account", key: "customer-2", fields: null },
  );
  // Settled may mean parked: the owner may be known a moment later than the record that names it.
  await expect
    .poll(() => world.outcomesOf("Case", "job-2"), { timeout: 20_000 })
    .toEqual(["created"]);
  await settled();
  await sweep("first");
  const records = await observed();
  for (const object of objects) {
    const of = records
      .filter((each) => each.object === object)
      .sort((a, b) => a.read_at - b.read_at);
    const rows = of.filter(({ kind }) => kind === "row");
    expect(of.map(({ kind }) => kind)).toEqual([
      "sweep_begin",
      ...rows.map(() => "row"),
      "sweep_end",
    ]);
    expect(of.at(-1)?.rows).toBe(rows.length);
  }
  expect(records.every((each) => each.outcome_before.length === 3)).toBe(true);
  expect(await states()).toEqual(
    ["customer-1", "customer-2", "job-1", "job-2"].map((key) => ({
      key,
      state: "equal",
      reason: "",
    })),
  );
});

test("what was edited and removed behind everyone's back is named after one more question, nothing else", async () => {
  await world.org.admin("POST", "tamper", {
    object: "Case",
    key: "job-1",
    set: { Subject: "Edited" },
  });
  await world.org.admin("POST", "tamper", { object: "Case", key: "job-2", delete: true });
  await sweep("second");
  const suspicious = await ledger.client.suspicious();
  expect(suspicious.map(({ key }) => key).sort()).toEqual(["job-1", "job-2"]);
  await world.control.say("recheck", "second", { keys: suspicious }, "test");
  await answered("recheck_done", "second");
  await level();
  const report = await ledger.client.report();
  expect(report.differences).toMatchObject([
    { object: "Case", key: "job-1", field: "Subject", expected: "Boiler <b>\n2", found: "Edited" },
  ]);
  expect(report.missing).toMatchObject([{ object: "Case", key: "job-2" }]);
  expect(report).toMatchObject({ accounted: false, extra: [], in_flight: [], doubles: [] });
});

test("while the delta is open, changes and deletions show without a sweep", async () => {
  await world.control.say("phase", "migration", { phase: "delta" }, "test");
  await world.say({ object: "Account", key: "customer-3", fields: { Name: "New" } });
  await settled();
  const stateOf = async (key: string) => (await states()).find((each) => each.key === key)?.state;
  await expect.poll(() => stateOf("customer-3"), { timeout: 20_000, interval: 500 }).toBe("equal");
  await world.say({ object: "Account", key: "customer-3", fields: null });
  await settled();
  await level();
  await expect.poll(() => stateOf("customer-3"), { timeout: 20_000, interval: 500 }).toBe("equal");
  const rows = (await observed()).filter((each) => each.key === "customer-3");
  expect(rows.at(-1)).toMatchObject({ kind: "row", lane: "fast", deleted: true });
});

test("a restarted observer goes on where it stopped and repeats no order", async () => {
  await observer.stop();
  const before = (await observed()).filter(({ kind }) => kind === "sweep_end").length;
  await world.control.say("sweep", "third", { objects: ["Account"] }, "test");
  observer = await startObserver();
  await answered("sweep_done", "third");
  const ends = (await observed()).filter(({ kind }) => kind === "sweep_end");
  expect(ends.length).toBe(before + 1);
});

/** A user of the org rows can be owned by. */
async function anOwner(): Promise<string> {
  await world.org.admin("POST", "users", {
    users: [{ email: "owner@test.example", name: "Owner" }],
  });
  const sink = await world.org.sink();
  const [user] = await sink.users(["owner@test.example"]);
  await sink.close();
  return user?.id as string;
}
