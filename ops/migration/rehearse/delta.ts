import { setTimeout as sleep } from "node:timers/promises";
import type { LedgerClient } from "../../../sinks/clickhouse/ledger-client.ts";
import type { RunContext } from "../run-context.ts";
import { type Drift, plantDrift } from "./drift.ts";
import type { RehearseOptions } from "./options.ts";
import type { Surroundings } from "./start.ts";

/** What happened while the delta was open. */
export interface DeltaResult {
  readonly drift: Drift;
  readonly changes: number;
}

/** Dispatchers go on working for a while; midway something drifts at the destination. */
export async function delta(
  context: RunContext,
  surroundings: Surroundings,
  ledger: LedgerClient,
  options: RehearseOptions,
): Promise<DeltaResult> {
  context.progress(`delta open: ${options.rate} changes/s for ${options.seconds} s`);
  await surroundings.qdispatch.call("POST", "dispatcher", { rate: options.rate });
  await spend(context, options.seconds / 2);
  const midway = await plantDrift(surroundings, ledger);
  context.progress(`drift: ${midway.map((each) => each.key).join(" edited, ")} removed, by hand`);
  await spend(context, options.seconds / 2);
  const { applied } = await surroundings.qdispatch.call<{ applied: number }>("POST", "dispatcher", {
    rate: 0,
  });
  context.progress(`dispatching stopped after ${applied} changes`);
  return { drift: midway, changes: applied };
}

async function spend(context: RunContext, seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const failure = context.failure();
    if (failure !== undefined) throw failure;
    await sleep(250);
  }
}
