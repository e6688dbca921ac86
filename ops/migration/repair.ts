import { randomUUID } from "node:crypto";
import type { LedgerClient } from "../../sinks/clickhouse/ledger-client.ts";
import { readBack } from "./read-back.ts";
import type { RunContext } from "./run-context.ts";

/** A record a repair orders again. */
export interface RepairTarget {
  readonly object: string;
  readonly key: string;
  readonly entity: string;
  readonly source_id: string;
}

/**
 * Orders every record the ledger calls missing, extra or differing once more. Only the poller carries
 * orders out: each becomes a new version behind everything newer, and is sent although nothing in
 * it changed. Resolves with the records when each has its outcome and was read back.
 */
export async function repair(
  context: RunContext,
  ledger: LedgerClient,
): Promise<readonly RepairTarget[]> {
  const targets = await ledger.deviating();
  if (targets.length === 0) return targets;
  const orders: string[] = [];
  for (const [entity, records] of Map.groupBy(targets, (target) => target.entity)) {
    const id = `repair-${randomUUID()}`;
    orders.push(id);
    await context.writer.say(
      "order",
      id,
      {
        entity,
        ids: [...new Set(records.map((each) => each.source_id))],
        why: "repair",
        repair: true,
      },
      context.saidBy,
    );
  }
  context.progress(`repair: ${targets.length} records ordered again`);
  await readBack(context, ledger, orders[0] as string);
  return targets;
}
