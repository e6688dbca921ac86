import type { SinkRow } from "../sink.ts";
import type { Known } from "./hold.ts";
import { ResentRow } from "./rows.ts";
import type { OpenRow, Taken } from "./taken.ts";

/** Makes of a version read again what a predecessor sent, as far as it can be known. */
export type Resend = (open: OpenRow, taken: Taken) => SinkRow;

/** What the loader knows now stands for what its predecessor knew: lookups lead to the same rows. */
export function resendWith(known: Known): Resend {
  return (open, taken) => new ResentRow(taken, open, known);
}
