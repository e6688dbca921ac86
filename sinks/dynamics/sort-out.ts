import { codes, isCode, type ServiceError } from "./errors.ts";
import { closedAmong } from "./opportunity-lines.ts";
import type { SendParts } from "./send-parts.ts";
import { standingRows } from "./standing.ts";
import type { Outcomes, Write } from "./write.ts";

/** Rows of a refused call that can be sent again together, and those that go by themselves. */
export interface Sorted {
  readonly rest: readonly Write[];
  readonly apart: readonly Write[];
}

/**
 * Finds the rows an error is about by asking what stands there: ids that are taken, rows that are gone,
 * opportunities that are closed, rows that refer to what the error names. Where that finds none, `rest`
 * is all of them.
 */
export async function sortOut(
  parts: SendParts,
  writes: readonly Write[],
  error: ServiceError,
  outcomes: Outcomes,
): Promise<Sorted> {
  const without = (out: ReadonlySet<Write>, apart: readonly Write[] = []): Sorted => ({
    rest: writes.filter((write) => !out.has(write)),
    apart,
  });
  const { client, suspects } = parts;
  const { form, operation } = writes[0] as Write;
  const ids = writes.map(({ id }) => id);
  if (isCode(error, codes.duplicateId) && operation === "insert") {
    const standing = await standingRows(client, form.table, ids);
    const taken = writes.filter(({ id }) => standing.has(id));
    for (const write of taken) outcomes.failed(write, error);
    return without(new Set(taken));
  }
  if (isCode(error, codes.readOnly)) {
    const closed = await closedAmong(client, writes);
    for (const write of closed) outcomes.failed(write, error);
    return without(closed);
  }
  if (isCode(error, codes.notThere) && operation === "update") {
    const standing = await standingRows(client, form.table, ids);
    const gone = writes.filter(({ id }) => !standing.has(id));
    for (const write of gone) outcomes.settle(write, { kind: "gone", destinationId: write.id });
    if (gone.length > 0) return without(new Set(gone));
  }
  const apart = suspects.named(writes, error);
  return without(new Set(apart), apart);
}
