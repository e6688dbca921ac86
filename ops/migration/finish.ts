import type { LedgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { readBack } from "./read-back.ts";
import type { RunContext } from "./run-context.ts";
import { until } from "./until.ts";

const finishTimeoutMs = 2 * 60 * 60 * 1000;

/**
 * Names T, a moment of the source's clock, waits until the poller has proved that nothing before T
 * is behind and has fenced, then reads everything back.
 */
export async function finish(
  context: RunContext,
  ledger: LedgerClient,
  at: number,
  drained?: () => Promise<void>,
): Promise<void> {
  const { writer, saidBy } = context;
  await writer.say("phase", "migration", { phase: "finishing" }, saidBy);
  await writer.say("finish", "finish", { at }, saidBy);
  context.progress("finish: waiting for a full lookback and the censuses behind it");
  await until(async () => (await context.control()).get("poll_fence", "poller")?.at === at, {
    what: "the poller's final fence (every stream read again behind the finish moment)",
    timeoutMs: finishTimeoutMs,
    failure: context.failure,
  });
  context.progress("finish: the poller has fenced, draining");
  await readBack(context, ledger, `finish-${at}`, drained);
  await writer.say("phase", "migration", { phase: "finished" }, saidBy);
}
