import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { compilePlan } from "../../../pipeline/mapping/compile.ts";
import { openLog } from "../../../pipeline/stage/log.ts";
import { openDynamicsSink } from "../../../sinks/dynamics/dynamics-sink.ts";
import { createSchema } from "../../../sinks/dynamics/schema/create-schema.ts";
import { objectPlans } from "../../../sinks/object-plans.ts";
import { changesOf } from "../changes-of.ts";
import { type SimulatedEnvironment, simulatedEnvironment } from "./simulated-environment.ts";

const folder = join(import.meta.dirname, "../../../pipeline/mapping/dynamics");
let environment: SimulatedEnvironment;

afterEach(() => environment.close());

test.each([
  ["enterprise", "qd", { audit_fields: true }],
  ["professional", "acme", { audit_fields: true, technicians: "users" }],
] as const)(
  "every object the mappings fill is read, for %s with names in %s",
  async (edition, publisherPrefix, more) => {
    environment = await simulatedEnvironment({ limits: "off", tier: edition });
    await environment.raw.create("publishers", {
      ...{ uniquename: publisherPrefix, friendlyname: publisherPrefix },
      ...{ customizationprefix: publisherPrefix, customizationoptionvalueprefix: 20_000 },
    });
    const plan = compilePlan({
      ...{ folder, settings: { edition, ...more }, hash: "plan" },
      ...{ destination: "dynamics", publisherPrefix },
    });
    const options = { edition, publisherPrefix, pollMs: 5 } as const;
    const { refused } = await createSchema(await environment.client(), plan, options);
    expect(refused).toEqual([]);
    const sink = await openDynamicsSink({
      ...environment.options(),
      ...{ publisherPrefix, blobFolder: environment.raw.folder, log: openLog("sink") },
    });
    const read: string[] = [];
    const plans = objectPlans(plan.plan);
    for (const each of plans) {
      for await (const page of sink.observe(each)) expect(page).toEqual([]);
      read.push(each.object);
    }
    expect(read.length).toBeGreaterThan(8);
    // All of them by one call.
    expect(read.length).toBeLessThanOrEqual(sink.limits.changes);
    const news = await changesOf(sink, plans, Date.UTC(2020, 0, 1));
    expect([...news.read.keys()]).toEqual(read);
    expect([...news.rows.values()].flat()).toEqual([]);
    await sink.close();
  },
);
