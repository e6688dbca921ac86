import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { isReadById, objectPlans } from "../object-plans.ts";
import { emptyRecord, type ObservedWriter } from "./observed-writer.ts";
import type { ObserverOptions } from "./observer.ts";
import type { RecheckOrder } from "./orders.ts";

/** Keys of one question. */
const keysPerAsk = 200;

/** Asks for rows by key, or by id where they carry none, and says what is there and that nothing is where nothing is. */
export async function recheck(
  options: ObserverOptions,
  writer: ObservedWriter,
  order: RecheckOrder,
): Promise<void> {
  let rows = 0;
  for (const plan of objectPlans(options.plan)) {
    const ofObject = order.keys.filter(({ object }) => object === plan.object);
    const distinct = [...new Map(ofObject.map((each) => [each.key, each])).values()];
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
  asked: RecheckOrder["keys"],
): Promise<number> {
  const before = await writer.before(plan.object);
  const byId = isReadById(plan);
  const found = await options.sink.read(
    plan,
    byId
      ? { ids: asked.flatMap(({ id }) => (id ? [id] : [])) }
      : { keys: asked.map(({ key }) => key) },
  );
  const read = { read_id: name, lane: "ask", ...before };
  await writer.rows(read, found);
  const there = new Set(found.map((row) => (byId ? row.destinationId : row.key)));
  const absent = asked.filter(({ key, id }) => !there.has(byId ? (id ?? "") : key));
  const request_after = await writer.requestAfter();
  await writer.say(
    absent.map(({ key }) => ({
      ...emptyRecord("absent", plan.object, `${name}/${key}`, "ask"),
      ...before,
      key,
      request_after,
      read_at: writer.clock(),
    })),
  );
  return found.length;
}
