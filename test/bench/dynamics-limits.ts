import type { RunningSimulator } from "../../ops/migration/simulator.ts";
import { benchedOf, countersOf, countsOf } from "./benched.ts";
import { isComplete } from "./bulk.ts";
import { dynamicsCaller } from "./dynamics-caller.ts";
import { type DynamicsModel, formula, leastSeconds, objectUse } from "./dynamics-model.ts";
import { machine, ratio } from "./machine.ts";
import { productCalls } from "./product-calls.ts";
import { openRoad, progress, stackOf } from "./road.ts";
import { rowsByObject, sizesOf } from "./sizes.ts";

/** How close the load comes to what the environment's published limits allow. */
export async function dynamicsLimits(args: Record<string, string>): Promise<object> {
  const benched = benchedOf(args);
  const sizes = sizesOf(args, benched);
  const rows = rowsByObject(benched, sizes);
  const model: DynamicsModel = {
    requestMs: 30,
    rowMs: Number(args["t"] ?? 5),
    singleMs: Number(args["single"] ?? 20),
    users: 1,
    servers: Number(args["servers"] ?? 1),
  };
  const before = machine();
  const stack = await stackOf(args);
  const set = { destination: { timeout_seconds: 120 } };
  // Made ready without limits: what an admin's work uses up is not the load's.
  const road = await openRoad({ benched, limits: "off", stack, set });
  try {
    await road.seed(sizes);
    progress("seeded");
    await publishedLimits(road.destination, model);
    await road.calls();
    const counted = await countersOf(road.destination);
    const { seconds, waves } = await road.settle();
    const calls = await road.calls();
    const counters = await countersOf(road.destination);
    const since = (name: string): number => (counters[name] ?? 0) - (counted[name] ?? 0);
    const product = await productCalls(road.supervisor);
    const uses = road.waves.map((objects) =>
      objects
        .filter((object) => rows[object] !== undefined)
        .map((object) => {
          const message = object === "opportunityclose" ? "batch" : "multiple";
          return objectUse(model, object, rows[object] ?? 0, message);
        }),
    );
    const taken = uses.filter((wave) => wave.length > 0);
    const least = leastSeconds(model, taken);
    const fewest = taken.flat().reduce((sum, use) => sum + use.calls, 0);
    const loaded = await countsOf(road.destination, benched);
    const throttled = ["requests", "execution", "concurrent"] as const;
    const writes = Object.entries(product.calls)
      .filter(([name]) => /^(create_multiple|update_multiple|batch) /.test(name))
      .reduce((sum, [, n]) => sum + n, 0);
    return {
      machine: before,
      sizes,
      ...{ loaded, complete: isComplete(loaded, rows) },
      model: { ...model, ...formula, waves: taken },
      elapsedSeconds: seconds,
      wavesSeconds: waves,
      limitImpliedSeconds: least,
      elapsedOverBurst: ratio(seconds, least.burst),
      elapsedOverSteady: ratio(seconds, least.steady),
      calls,
      callsByKind: product.calls,
      writeCalls: writes,
      minimumCalls: fewest,
      callsOverMinimum: ratio(calls, fewest),
      writeCallsOverMinimum: ratio(writes, fewest),
      throttled: Object.fromEntries(throttled.map((name) => [name, since(`throttled_${name}`)])),
      refused429: since("status_429"),
      throttledSeconds: product.throttledSeconds,
      entitlementRequests: since("power_platform_requests"),
    };
  } finally {
    await road.close();
  }
}

/** The limits as published, from now on and with nothing used yet. */
async function publishedLimits(
  simulator: RunningSimulator,
  { requestMs, rowMs, singleMs, servers }: DynamicsModel,
): Promise<void> {
  const caller = await dynamicsCaller(simulator);
  // A window of a second forgets what stood in it.
  await simulator.call("POST", "settings", { limits: { windowSeconds: 1 } });
  const begun = Date.now();
  while (Date.now() < begun + 2500) await caller.get("WhoAmI");
  await simulator.call("POST", "settings", {
    model: "published",
    limits: { windowSeconds: 300, requests: 6000, executionMs: 1_200_000, concurrent: 52, servers },
    execution: { requestMs, rowMs, singleMs },
  });
}
