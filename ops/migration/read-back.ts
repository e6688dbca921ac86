import type { LedgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { allTopics } from "../../topics/index.ts";
import { drain } from "./drain.ts";
import { distance, endsOf } from "./positions.ts";
import type { RunContext } from "./run-context.ts";
import { until } from "./until.ts";

const readTimeoutMs = 60 * 60 * 1000;

/**
 * Proves what the destination holds: everything drained, every parked record tried once more, a full
 * sweep begun after that, each deviation asked for once more, and the ledger level with the log.
 * \`drained\` is called when nothing is under way and nothing read back yet.
 */
export async function readBack(
  context: RunContext,
  ledger: LedgerClient,
  name: string,
  drained: () => Promise<void> = async () => {},
): Promise<void> {
  const { writer, saidBy } = context;
  await drain(context);
  await writer.say("retry_parked", "loader", { request: name }, saidBy);
  await said(context, "the loader to try every parked record once more", async () => {
    const done = (await context.control()).get("parked_retried", "loader");
    return done?.request === name;
  });
  await drain(context);
  await drained();
  context.progress(`${name}: reading everything back`);
  await writer.say("sweep", name, {}, saidBy);
  await said(context, "the sweep of every object", async () => {
    const done = (await context.control()).get("sweep_done", name);
    return done !== undefined;
  });
  await level(context, ledger);
  const keys = await ledger.suspicious();
  if (keys.length === 0) return;
  await writer.say("recheck", name, { keys }, saidBy);
  await said(context, "each deviation to be asked for once more", async () => {
    const done = (await context.control()).get("recheck_done", name);
    return done !== undefined;
  });
  await level(context, ledger);
}

/** Waits until the ledger has consumed every topic up to its end as of now. */
export async function level(context: RunContext, ledger: LedgerClient): Promise<void> {
  const objects = context.plan.objects.map((each) => each.object);
  const topics = allTopics(context.migration.name, objects)
    .map((topic) => topic.name)
    .filter((topic) => !/\.(cursor|preimage)$/.test(topic));
  const ends = await endsOf(context, topics);
  await said(context, "the ledger to be level with the log", async () => {
    return distance(await ledger.positions(), ends) === 0;
  });
}

function said(context: RunContext, what: string, ask: () => Promise<boolean>): Promise<boolean> {
  return until(ask, {
    what,
    timeoutMs: readTimeoutMs,
    failure: context.failure,
  });
}
