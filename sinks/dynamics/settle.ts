import type { DynamicsClient } from "./client.ts";
import { codes, isCode, refusal, type ServiceError } from "./errors.ts";
import { isOfOpportunity } from "./opportunity-lines.ts";
import { writeReadOnly } from "./read-only.ts";
import { writeClosed } from "./reopen.ts";
import type { SendParts } from "./send-parts.ts";
import { idOf, rowsHolding, standingRows } from "./standing.ts";
import type { Outcomes, Write } from "./write.ts";

/**
 * Finds out what refusals mean: rows that are closed are opened for the write, rows that are gone are
 * told from rows that refer to a gone one, and of duplicates it is said which row stands there.
 */
export async function settleFaults(parts: SendParts, outcomes: Outcomes): Promise<void> {
  const closed = outcomes.take((error) => isCode(error, codes.readOnly));
  const ofOpportunities = closed.filter(isOfOpportunity);
  if (ofOpportunities.length > 0) await writeClosed(parts, ofOpportunities, outcomes);
  for (const some of byTable(closed.filter((write) => !isOfOpportunity(write)))) {
    await writeReadOnly(parts, some, outcomes);
  }
  await settleGone(parts.client, outcomes);
  await settleDuplicates(parts.client, outcomes);
  for (const [write, error] of outcomes.faults) outcomes.settle(write, refusalOf(write, error));
}

/** The service uses one code for a row that is gone and for one that refers to a gone row. */
async function settleGone(client: DynamicsClient, outcomes: Outcomes): Promise<void> {
  const suspects = [...outcomes.faults].flatMap(([write, error]) =>
    write.operation !== "insert" && isCode(error, codes.notThere) ? [write] : [],
  );
  for (const some of byTable(suspects)) {
    const { table } = (some[0] as Write).form;
    const standing = await standingRows(
      client,
      table,
      some.map(({ id }) => id),
    );
    for (const write of some) {
      if (standing.has(write.id.toLowerCase())) continue;
      outcomes.settle(write, { kind: "gone", destinationId: write.id });
    }
  }
}

/** A row of our primary key is ours; of any other key only where it carries our source key. */
async function settleDuplicates(client: DynamicsClient, outcomes: Outcomes): Promise<void> {
  const byKey: Write[] = [];
  for (const [write, error] of outcomes.faults) {
    if (isCode(error, codes.duplicateId)) {
      outcomes.settle(write, duplicate(write, error, write.id));
    } else if (isCode(error, codes.duplicateKey) && write.form.plan.keyField !== "")
      byKey.push(write);
  }
  for (const some of byTable(byKey)) {
    const { plan, table } = (some[0] as Write).form;
    const keys = some.map(({ row }) => row.key);
    const rows = await rowsHolding(client, table, plan.keyField, keys, [plan.keyField]);
    const ids = new Map(rows.map((row) => [row[plan.keyField], idOf(table, row)]));
    for (const write of some) {
      const id = ids.get(write.row.key);
      const error = outcomes.faults.get(write) as ServiceError;
      if (id !== undefined) outcomes.settle(write, duplicate(write, error, id));
    }
  }
}

function duplicate(write: Write, error: ServiceError, destinationId: string) {
  return { ...refusalOf(write, error), class: "duplicate" as const, destinationId };
}

function refusalOf({ form }: Write, error: ServiceError) {
  return refusal(
    error,
    form.plan.fields.map(({ name }) => name),
  );
}

/** Rows of the same table, together. */
function byTable(writes: readonly Write[]): readonly (readonly Write[])[] {
  return [...Map.groupBy(writes, ({ form }) => form.table.logical).values()];
}
