import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { readCursors } from "../../pipeline/source/session.ts";
import { endsOf, loadTopicsOf, passed, sourceTopicsOf } from "./positions.ts";
import type { RunContext } from "./run-context.ts";
import { until } from "./until.ts";

const drainTimeoutMs = 30 * 60 * 1000;

/**
 * Waits until the poller has carried out every order, and transform and loader have passed all that
 * stands in their topics; what loading has ordered anew meanwhile is waited for as well.
 */
export async function drain(context: RunContext): Promise<void> {
  const objects = context.plan.objects.map((each) => each.object);
  for (;;) {
    const orders = await ordered(context);
    await carriedOut(context, orders);
    const sources = await endsOf(context, sourceTopicsOf(context, objects));
    await passed(context, "transform", sources, drainTimeoutMs);
    const loads = await endsOf(context, loadTopicsOf(context, objects));
    await passed(context, "loader", loads, drainTimeoutMs);
    if ((await ordered(context)).length === orders.length) return;
  }
}

/** Everything ordered so far, by name. */
async function ordered(context: RunContext): Promise<readonly string[]> {
  return [...(await context.control()).orders.keys()];
}

async function carriedOut(context: RunContext, orders: readonly string[]): Promise<void> {
  if (orders.length === 0) return;
  const { connection, migration, failure } = context;
  const codecs = openCodecs(connection);
  await until(
    async () => {
      const cursors = await readCursors(connection, codecs, migration.name);
      return orders.every((order) => cursors.orderDone(order));
    },
    {
      what: "the poller to carry out what is ordered",
      timeoutMs: drainTimeoutMs,
      everyMs: 500,
      failure,
    },
  );
}
