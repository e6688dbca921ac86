import { afterAll, beforeAll, expect, test } from "vitest";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Preimage } from "../../pipeline/core/generated/records.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { readToEnd } from "../../pipeline/kafka/reader.ts";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { openLog } from "../../pipeline/stage/log.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { runLoader } from "../../sinks/loader/loader.ts";
import { preimageTopic } from "../../topics/index.ts";
import { LoaderWorld } from "./loader-world.ts";
import { threeObjects } from "./three-objects.ts";

const world = new LoaderWorld();
const settled = () => expect.poll(() => world.passed()).toBe(true);
const account = (key: string, Name: string) => ({ object: "Account", key, fields: { Name } });

beforeAll(() => world.open());
afterAll(async () => {
  await world.close();
  await closeWatermarks();
});

async function preimages(): Promise<ReadonlyMap<string, Preimage>> {
  const codecs = openCodecs(world.connection);
  const found = new Map<string, Preimage>();
  await readToEnd(world.connection, [preimageTopic(world.migration).name], async (record) => {
    const preimage = await codecs.decode<Preimage>(record.value as Buffer);
    found.set(preimage.key, preimage);
  });
  return found;
}

test("a row that was there before us is updated behind its pre-image, and released, never deleted", async () => {
  const sink = await world.org.sink();
  const row = { key: "customer-old", destinationId: null, fields: { Name: "before", Phone: "1" } };
  const plan = threeObjects.objects[0] as ObjectPlan;
  await sink.send([{ plan, operation: "insert", rows: [row] }]);
  await sink.close();
  await world.say(account("customer-old", "after"), account("customer-new", "new"));
  const loader = await world.start();
  await settled();
  expect(await world.outcomesOf("Account", "customer-old")).toEqual(["updated"]);
  expect(await world.outcomesOf("Account", "customer-new")).toEqual(["created"]);
  expect((await preimages()).get("customer-old")).toMatchObject({
    final: true,
    fields: { Name: "before", Phone: "1" },
  });
  expect((await preimages()).has("customer-new")).toBe(false);
  await world.say({ object: "Account", key: "customer-old", fields: null });
  await settled();
  expect(await world.outcomesOf("Account", "customer-old")).toEqual([
    "updated",
    "deleted: released",
  ]);
  const names = [...(await world.org.rows("Account")).values()].map((each) => each["Name"]);
  expect(names.sort()).toEqual(["after", "new"]);
  await loader.stop();
});

test("a second loader fences the first, which stops at its next write without having sent anything", async () => {
  const first = await world.start();
  await world.say(account("customer-a", "a"));
  await settled();
  const second = await world.start({}, `${world.stateFolder}-2`);
  let failure: unknown;
  first.ended.catch((error: unknown) => {
    failure = error;
  });
  let said = 0;
  await expect
    .poll(
      async () => {
        said += 1;
        await world.say(account("customer-b", `b ${said}`));
        return failure;
      },
      { interval: 200 },
    )
    .toMatchObject({ code: "FENCED" });
  await settled();
  expect(await world.outcomesOf("Account", "customer-b")).toHaveLength(said);
  expect((await world.org.rows("Account")).get("customer-b")).toMatchObject({ Name: `b ${said}` });
  await second.stop();
});

test("too many refused rows stop the load and say why", async () => {
  const bad = Array.from({ length: 12 }, (_, n) => account(`customer-bad${n}`, ""));
  await world.say(...bad);
  const loader = await world.start({ refusalCeiling: { share: 0, count: 10 } });
  await expect(loader.ended).rejects.toMatchObject({
    code: "REFUSAL_CEILING_REACHED",
    message: expect.stringContaining("REQUIRED_FIELD_MISSING"),
  });
});

test("nothing is loaded while the plan is not the confirmed one", async () => {
  const sink = await world.org.sink();
  const stage = {
    log: openLog("x"),
    metrics: openMetrics(),
    stopping: new AbortController().signal,
  };
  const options = { ...world.options(stage, sink), planHash: "another" };
  await expect(runLoader(options)).rejects.toMatchObject({ code: "PLAN_NOT_CONFIRMED" });
  await sink.close();
});
