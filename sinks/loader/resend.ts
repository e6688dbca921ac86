import type { Known } from "./hold.ts";
import { contentAsSent } from "./resolving.ts";
import { LazyRow, type OpenRow, type Ready, type Taken } from "./taken.ts";

/** Makes of a version read again what a predecessor sent, as far as it can be known. */
export type Resend = (open: OpenRow, taken: Taken) => Ready;

/** What the loader knows now stands for what its predecessor knew: lookups lead to the same rows. */
export function resendWith(known: Known): Resend {
  return (open, taken) => ({
    taken,
    operation: open.operation,
    row: new LazyRow(taken.record.key, open, () => contentAsSent(taken, known)),
    references: taken.references,
    shard: 0,
    readyAt: performance.now(),
  });
}
