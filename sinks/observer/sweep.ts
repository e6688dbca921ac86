import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { objectPlans } from "../object-plans.ts";
import { emptyRecord, type ObservedWriter } from "./observed-writer.ts";
import type { ObserverOptions } from "./observer.ts";
import type { SweepOrder } from "./orders.ts";

/**
 * Reads every row of the objects and says so with a begin and an end: what a whole sweep has not
 * seen was not there. False when the stage stopped in the middle; it is then done again.
 */
export async function sweep(
  options: ObserverOptions,
  writer: ObservedWriter,
  order: SweepOrder,
): Promise<boolean> {
  const { stage } = options;
  const plans = objectPlans(options.plan).filter(
    ({ object }) => order.objects === undefined || order.objects.includes(object),
  );
  let rows = 0;
  for (const plan of plans) {
    const read = await sweepObject(options, writer, order.name, plan);
    if (read === undefined) return false;
    rows += read;
  }
  await writer.say([], { kind: "sweep_done", name: order.name, value: { rows } });
  stage.log.info({ event: "sweep_ended", sweep: order.name, rows });
  return true;
}

async function sweepObject(
  options: ObserverOptions,
  writer: ObservedWriter,
  name: string,
  plan: ObjectPlan,
): Promise<number | undefined> {
  // One vector for all pages: a cursor may show every page as it was at the first.
  const before = await writer.before(plan.object);
  const begin = { ...emptyRecord("sweep_begin", plan.object, name, "sweep"), ...before };
  // Who we are: a row without a key that another user wrote last is not ours to judge.
  const modified_by = options.sink.userId;
  await writer.say([{ ...begin, modified_by, read_at: writer.clock() }]);
  let rows = 0;
  for await (const page of options.sink.observe(plan)) {
    if (options.stage.stopping.aborted) return undefined;
    await writer.rows({ read_id: name, lane: "sweep", ...before }, page);
    rows += page.length;
  }
  const end = {
    ...emptyRecord("sweep_end", plan.object, name, "sweep"),
    ...before,
    rows,
    request_after: await writer.requestAfter(),
    observed_end: await writer.observedEnd(),
  };
  await writer.say([{ ...end, read_at: writer.clock() }]);
  return rows;
}
