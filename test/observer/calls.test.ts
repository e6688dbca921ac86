import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ControlFollower, followControl } from "../../pipeline/kafka/control.ts";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { compilePlan } from "../../pipeline/mapping/compile.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { Secret } from "../../pipeline/stage/secret.ts";
import { objectPlans } from "../../sinks/object-plans.ts";
import { FastLane } from "../../sinks/observer/fast-lane.ts";
import { type ObservedWriter, openObservedWriter } from "../../sinks/observer/observed-writer.ts";
import { openClient } from "../../sinks/salesforce/client.ts";
import { createSchema } from "../../sinks/salesforce/schema/create-schema.ts";
import type { Sink } from "../../sinks/sink.ts";
import { testStage } from "../kafka-connection.ts";
import { LoaderWorld } from "../loader/loader-world.ts";
import { ObservedWorld } from "./observed-world.ts";

const delivered = compilePlan({
  folder: join(import.meta.dirname, "../../pipeline/mapping/salesforce"),
  ...{ settings: { audit_fields: true }, destination: "salesforce", hash: "delivered" },
});
const plans = objectPlans(delivered.plan);
const world = new LoaderWorld(delivered.plan, { objects: [] });
const read = new ObservedWorld(world);
const stage = testStage("observer");
let control: ControlFollower;
let writer: ObservedWriter;
let sink: Sink;

beforeAll(async () => {
  await world.open();
  const { http: loginUrl, clientId, clientSecret } = world.org;
  const client = await openClient({
    ...{ loginUrl, clientId, clientSecret: new Secret(clientSecret), apiVersion: "62.0" },
    ...{ allowLoopback: true, timeoutMs: 20_000, metrics: openMetrics() },
  });
  expect((await createSchema(client, delivered)).refused).toEqual([]);
  await client.close();
  sink = await world.org.sink();
  await world.control.say("phase", "migration", { phase: "delta" }, "test");
  control = await followControl(world.connection, world.migration);
  await control.catchUp();
  const { connection, migration } = world;
  const objects = plans.map(({ object }) => object);
  writer = await openObservedWriter({ stage, connection, migration, objects });
});
afterAll(async () => {
  await Promise.allSettled([writer.close(), control.close(), sink.close()]);
  await world.close();
  await closeWatermarks();
});

function laneOf(own: Sink): FastLane {
  const { connection, migration, plan } = world;
  const options = { stage, connection, migration, plan, planHash: plan.hash, sink: own };
  return new FastLane({ ...options, intervalMs: 0 }, writer, new Map());
}

/** Calls the org has counted against its daily allowance while something was done. */
async function callsOf(work: () => Promise<unknown>): Promise<number> {
  const counted = async () => {
    const counters = await world.org.admin<Record<string, number>>("GET", "counters");
    const calls = Object.entries(counters).filter(([name]) => name.startsWith("calls_"));
    return calls.reduce((sum, [, count]) => sum + count, 0);
  };
  const before = await counted();
  await work();
  return (await counted()) - before;
}

/** Ticks of a day at the default interval. */
const ticks = 86_400 / 30;

test("a tick asks for all objects of the delivered plan, and for the time, by one call for five objects", async () => {
  const lane = laneOf(sink);
  await lane.readIfDue(control.state);
  const calls = await callsOf(() => lane.readIfDue(control.state));
  expect(calls).toBe(Math.ceil(plans.length / 5));
  // A base allowance of 100,000 a day is the loader's to use.
  expect(calls * ticks).toBeLessThan(15_000);
});

test("asking each object by a call of its own is seen in the count", async () => {
  const { limits } = sink;
  const alone: Sink = { ...sink, limits: { ...limits, changes: 1 } };
  const lane = laneOf(alone);
  await lane.readIfDue(control.state);
  expect(await callsOf(() => lane.readIfDue(control.state))).toBe(plans.length);
});

test("an object that cannot be read stops none of the others, and is read again from where it stood", async () => {
  let broken = false;
  const column = { name: "Not_There__c", type: "string" } as const;
  const flawed: Sink = {
    ...sink,
    // The org itself refuses the query of Account while the column stands in it.
    changes: (reads) =>
      sink.changes(
        reads.map(({ plan, since }) => {
          const isFlawed = broken && plan.object === "Account";
          return { plan: isFlawed ? { ...plan, fields: [...plan.fields, column] } : plan, since };
        }),
      ),
  };
  const lane = laneOf(flawed);
  await lane.readIfDue(control.state);
  const create = (object: string, fields: object) =>
    world.org.rest("POST", `sobjects/${object}`, fields);
  await create("Account", { Name: "A", Source_Key__c: "customer-late" });
  await create("Case", { Subject: "B", Source_Key__c: "job-late" });
  broken = true;
  await expect(lane.readIfDue(control.state)).rejects.toMatchObject({
    code: "SINK_SCHEMA_MISMATCH",
  });
  const keys = async () => (await read.observed()).map(({ key }) => key);
  expect(await keys()).toContain("job-late");
  expect(await keys()).not.toContain("customer-late");
  // Long behind what a read takes again anyway.
  await world.org.admin("POST", "clock", { advance_ms: 60_000 });
  await lane.readIfDue(control.state).catch(() => {});
  broken = false;
  await lane.readIfDue(control.state);
  expect(await keys()).toContain("customer-late");
});
