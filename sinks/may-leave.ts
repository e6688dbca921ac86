import { CutoverError } from "../pipeline/core/errors.ts";
import type { MayLeave } from "./sink.ts";

/** What asks nobody. */
export const always: MayLeave = () => true;

/** Why a call has not left: its sender may no longer write. */
export function notLeft(system: string): CutoverError {
  return new CutoverError(
    "SINK_UNAVAILABLE",
    `${system}: a call was not sent, its loader is ending or may have a successor.`,
  );
}
