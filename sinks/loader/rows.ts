import type { Known } from "./hold.ts";
import { contentAsSent, contentOf, type Resolutions } from "./resolving.ts";
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

/** A row decided to be written: what its lookups lead to was decided with it. */
export class ResolvedLazyRow extends LazyRow {
  readonly #resolutions: Resolutions;
  readonly #creates: boolean;

  constructor(taken: Taken, ids: Ids, resolutions: Resolutions, creates: boolean) {
    super(taken, ids);
    this.#resolutions = resolutions;
    this.#creates = creates;
  }

  protected content(): Content {
    return contentOf(this.taken, this.#resolutions, this.#creates);
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
