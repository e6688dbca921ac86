import type { ErrorCode } from "../core/errors.ts";
import type { Metrics } from "../stage/metrics.ts";

type Ending = "mapped" | "skipped" | "rejected";

/** What became of a batch's records. It must add up before their offsets are committed. */
export class Tally {
  readonly #taken = new Map<string, number>();
  readonly #ended = new Map<string, { object: string; outcome: Ending; count: number }>();
  readonly #codes: { readonly object: string; readonly code: ErrorCode }[] = [];

  /** A record was handed to the mapping of this object. */
  taken(object: string): void {
    this.#taken.set(object, (this.#taken.get(object) ?? 0) + 1);
  }

  count(object: string, outcome: Ending): void {
    const id = `${object}|${outcome}`;
    const known = this.#ended.get(id);
    if (known === undefined) this.#ended.set(id, { object, outcome, count: 1 });
    else known.count += 1;
  }

  rejected(object: string, code: ErrorCode): void {
    this.count(object, "rejected");
    this.#codes.push({ object, code });
  }

  /** Bytes that are no record of this entity: no mapping ever saw them. */
  unreadable(entity: string, code: ErrorCode): void {
    this.taken(entity);
    this.rejected(entity, code);
  }

  /** Throws unless taken = mapped + skipped + rejected for every object. */
  check(): void {
    for (const [object, taken] of this.#taken) {
      let ended = 0;
      for (const each of this.#ended.values()) if (each.object === object) ended += each.count;
      if (ended !== taken) {
        throw new Error(
          `${object}: ${taken} records were taken and ${ended} ended; nothing is committed.`,
        );
      }
    }
  }

  /** Counts a committed batch. */
  report({ records, rejected }: Metrics): void {
    for (const { object, outcome, count } of this.#ended.values()) {
      records.inc({ stage: "transform", object, outcome }, count);
    }
    for (const { object, code } of this.#codes) rejected.inc({ object, code });
  }
}
