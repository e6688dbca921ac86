import { expect, test } from "vitest";
import type { ObjectPlan } from "../../../pipeline/core/plan.ts";
import { resultKey } from "../../../sinks/sink.ts";
import { threeObjects, threeObjectsSchema } from "../../loader/three-objects.ts";
import { simulatedOrg } from "./simulated-org.ts";

const [account] = threeObjects.objects as [ObjectPlan];

test("of several calls none leaves once their sender may no longer write, and what the first did is known", async () => {
  const org = await simulatedOrg(threeObjectsSchema);
  const sink = await org.sink();
  const rows = Array.from({ length: 600 }, (_, n) => ({
    ...{ key: `customer-${n}`, destinationId: null, fields: { Name: `${n}`, Phone: null } },
  }));
  const group = { plan: account, operation: "insert" as const, rows };
  await expect(sink.send([group], () => false)).rejects.toMatchObject({ code: "SINK_UNAVAILABLE" });
  expect((await org.rows("Account")).size).toBe(0);
  let asked = 0;
  const results = await sink.send([group], () => {
    asked += 1;
    return asked === 1;
  });
  const there = await org.rows("Account");
  expect(there.size).toBeGreaterThan(0);
  expect(there.size).toBeLessThan(600);
  const known = [...there.keys()].map((key) => resultKey("Account", key));
  expect([...results.keys()].toSorted()).toEqual(known.toSorted());
  await sink.close();
  await org.close();
});
