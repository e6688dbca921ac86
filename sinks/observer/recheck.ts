import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { objectPlans } from "./object-plans.ts";
import { emptyRecord, type ObservedWriter } from "./observed-writer.ts";
import type { ObserverOptions } from "./observer.ts";
import type { RecheckOrder } from "./orders.ts";

/** Keys of one question. */
const keysPerAsk = 200;

/** Asks for keys by name and writes what is there, and that nothing is where nothing is. */
export async function recheck(
  options: ObserverOptions,
  writer: ObservedWriter,
  order: RecheckOrder,
): Promise<void> {
  let rows = 0;
  for (const plan of objectPlans(options.plan)) {
    const keys = order.keys.filter(({ object }) => object === plan.object).map(({ key }) => key);
    const distinct = [...new Set(keys)];
    for (let from = 0; from < distinct.length; from += keysPerAsk) {
      rows += await ask(options, writer, order.name, plan, distinct.slice(from, from + keysPerAsk));
    }
  }
  await writer.say([], { kind: "recheck_done", name: order.name, value: { rows } });
  options.stage.log.info({ event: "keys_rechecked", keys: order.keys.length, rows });
}

async function ask(
  options: ObserverOptions,
  writer: ObservedWriter,
  name: string,
  plan: ObjectPlan,
  keys: readonly string[],
): Promise<number> {
  const before = await writer.before(plan.object);
  const found = await options.sink.ask(plan, keys);
  const read = { read_id: name, lane: "ask", ...before };
  await writer.rows(read, [...found.values()]);
  const request_after = await writer.requestAfter();
  const absent = keys.filter((key) => !found.has(key));
  await writer.say(
    absent.map((key) => ({
      ...emptyRecord("absent", plan.object, `${name}/${key}`, "ask"),
      ...before,
      key,
      request_after,
      read_at: writer.clock(),
    })),
  );
  return found.size;
}
