import type { Known } from "./hold.ts";
import { ResentRow } from "./rows.ts";
import { noShard } from "./sharded-rows.ts";
import type { OpenRow, Ready, Taken } from "./taken.ts";

/** Makes of a version read again what a predecessor sent, as far as it can be known. */
export type Resend = (open: OpenRow, taken: Taken) => Ready;

/** What the loader knows now stands for what its predecessor knew: lookups lead to the same rows. */
export function resendWith(known: Known): Resend {
  return (open, taken) => ({
    taken,
    operation: open.operation,
    row: new ResentRow(taken, open, known),
    references: taken.references,
    shard: noShard,
    files: false,
    readyAt: Math.round(performance.now()),
  });
}
