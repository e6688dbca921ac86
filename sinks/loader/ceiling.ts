import { CutoverError } from "../../pipeline/core/errors.ts";

/** Counts refused rows, and stops the load when they are too many to be single rows' faults. */
export class Ceiling {
  readonly #limit: { readonly share: number; readonly count: number };
  #ended = 0;
  #refused = 0;

  constructor(limit: { readonly share: number; readonly count: number }) {
    this.#limit = limit;
  }

  /** Notes ends that are committed; throws REFUSAL_CEILING_REACHED. */
  note(ended: number, refused: number, example: string): void {
    this.#ended += ended;
    this.#refused += refused;
    const most = Math.max(this.#limit.count, this.#limit.share * this.#ended);
    if (refused === 0 || this.#refused <= most) return;
    throw new CutoverError(
      "REFUSAL_CEILING_REACHED",
      `The destination refused ${this.#refused} of ${this.#ended} rows, the last one with ${example}. ` +
        "Mend the cause, then replay the dead letters.",
    );
  }
}
