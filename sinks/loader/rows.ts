import type { Known } from "./hold.ts";
import { contentAsSent, contentOf, type Resolutions, resolvedNow } from "./resolving.ts";
import type { Content, Fields } from "./stored.ts";
import { LazyRow, type Taken } from "./taken.ts";

type Ids = Pick<LazyRow, "destinationId" | "moreIds">;

/** A row whose fields are known without its record: deletes, and rows that are let go. */
export class FixedRow extends LazyRow {
  readonly #fields: Fields;

  constructor(taken: Taken, ids: Ids, fields: Fields) {
    super(taken, ids);
    this.#fields = fields;
  }

  protected content(): Content {
    return { fields: this.#fields, rows: undefined };
  }
}

/**
 * A row decided to be written: what its lookups lead to was decided with it. What it refers to is not
 * deleted while it is in hand, so that it can be resolved again instead of being kept.
 */
export class ResolvedLazyRow extends LazyRow {
  #resolutions: Resolutions | null;
  #known: Known | null = null;
  readonly #creates: boolean;

  constructor(taken: Taken, ids: Ids, resolutions: Resolutions, creates: boolean) {
    super(taken, ids);
    this.#resolutions = resolutions;
    this.#creates = creates;
  }

  /** From now on it is resolved by what is known then. */
  resolveAgain(known: Known): void {
    this.#known = known;
    this.#resolutions = null;
  }

  protected content(): Content {
    const resolutions =
      this.#known === null ? this.#resolutions : resolvedNow(this.taken, this.#known);
    return contentOf(this.taken, resolutions ?? {}, this.#creates);
  }
}

/** A row a predecessor sent: what the loader knows now stands for what that one knew. */
export class ResentRow extends LazyRow {
  readonly #known: Known;

  constructor(taken: Taken, ids: Ids, known: Known) {
    super(taken, ids);
    this.#known = known;
  }

  protected content(): Content {
    return contentAsSent(this.taken, this.#known);
  }
}
