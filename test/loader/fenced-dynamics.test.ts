import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { runLoader } from "../../sinks/loader/loader.ts";
import type { Sink } from "../../sinks/sink.ts";
import { testStage } from "../kafka-connection.ts";
import { DynamicsWorld } from "./dynamics-world.ts";

let world: DynamicsWorld;

beforeEach(async () => {
  world = new DynamicsWorld();
  await world.open();
});
afterEach(async () => {
  await world.close();
  await closeWatermarks();
});

/** A loader of its own folder, and what becomes of each of its calls of `send`. `deaf`: its calls may always leave. */
function loaderOver(sink: Sink, { deaf = false } = {}) {
  const stage = testStage("loader");
  const sends: Promise<string>[] = [];
  const watched: Sink = {
    ...sink,
    send(groups, mayLeave) {
      const sending = deaf ? sink.send(groups) : sink.send(groups, mayLeave);
      sends.push(
        sending.then(
          () => "done",
          (error: { code: string }) => error.code,
        ),
      );
      return sending;
    },
  };
  const stateFolder = mkdtempSync(join(tmpdir(), "cutover-loader-"));
  const ended = runLoader({ ...world.options(stage, watched), stateFolder });
  ended.catch(() => {});
  return { stage, sends, ended };
}

const storm = { kind: "throttle", on: "^POST .*Multiple", seconds: 3 };
const said = Array.from({ length: 20 }, (_, n) => {
  return { object: "account", key: `customer-${n}`, fields: { name: `name ${n}` } };
});

/** Waits until calls of the loader wait in the storm. */
async function caught({ sends }: ReturnType<typeof loaderOver>): Promise<void> {
  await world.say(...said);
  await expect.poll(() => sends.length).toBeGreaterThan(0);
  await expect.poll(() => world.org.counted("fault_throttle")).toBeGreaterThan(0);
}

test("a loader that is fenced while its calls wait in a storm learns it, and none of them leaves", async () => {
  await world.org.faults(storm);
  const sinks = [await world.org.sink(), await world.org.sink()] as const;
  const first = loaderOver(sinks[0]);
  await caught(first);
  const second = loaderOver(sinks[1]);
  await expect(first.ended).rejects.toMatchObject({ code: "FENCED" });
  // Nothing of it is under way any more, and nothing has been done: it can do no harm from here on.
  expect(new Set(await Promise.all(first.sends))).toEqual(new Set(["SINK_UNAVAILABLE"]));
  expect(await world.org.rows("account")).toEqual([]);
  await world.org.raw.admin("DELETE", "faults");
  await expect.poll(() => world.passed(), { interval: 500 }).toBe(true);
  expect(await world.org.rows("account")).toHaveLength(20);
  const ended = (await world.outcomes()).map(({ key, outcome }) => `${key} ${outcome}`);
  expect(ended.sort()).toEqual(said.map(({ key }) => `${key} created`).sort());
  second.stage.stop.abort();
  await second.ended;
  for (const sink of sinks) await sink.close();
});

test("the check sees what that prevents: a fenced loader whose calls may always leave has written in the end", async () => {
  await world.org.faults(storm);
  const sink = await world.org.sink();
  const first = loaderOver(sink, { deaf: true });
  await caught(first);
  const successor = await openTransactionalProducer(world.connection, {
    transactionalId: `${world.migration}.loader`,
    stage: testStage("loader"),
  });
  expect(await world.org.rows("account")).toEqual([]);
  await world.org.raw.admin("DELETE", "faults");
  await expect(first.ended).rejects.toMatchObject({ code: "FENCED" });
  expect(await Promise.all(first.sends)).toContain("done");
  expect(await world.org.rows("account")).not.toEqual([]);
  await successor.close();
  await sink.close();
});
