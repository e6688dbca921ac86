import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { isKeyless } from "../object-plans.ts";
import {
  type AskedRow,
  type ClaimedByOther,
  type RowResult,
  type RowResults,
  resultKey,
  type Sink,
} from "../sink.ts";
import { type OpenRequest, sinkGroups } from "./requests.ts";

interface Parts {
  readonly sink: Pick<Sink, "ask">;
  /** Whether a key other than the one named holds a row of the object. */
  readonly claimed: (object: string) => ClaimedByOther;
  /** Repeats a read while the destination is away; undefined when the loader leaves. */
  readonly persist: <T>(work: () => Promise<T>) => Promise<T | undefined>;
}

/**
 * Asks for rows whose fate is unknown. Updates and deletes are safe to repeat, but for those that may
 * have made a row no key of ours names.
 */
export class Asking {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * What stands of a request's rows, by result key; undefined when the loader leaves. `ended`: of rows
   * with a key, those without a result were not written.
   */
  async found(
    request: OpenRequest,
    results: RowResults,
    ended: boolean,
  ): Promise<ReadonlyMap<string, AskedRow> | undefined> {
    const { sink, persist } = this.#parts;
    const found = new Map<string, AskedRow>();
    for (const { plan, operation, rows } of sinkGroups(request)) {
      if (operation === "delete" || (operation === "update" && !isKeyless(plan))) continue;
      const unknown = rows.filter(({ key }) => {
        const result = results.get(resultKey(plan.object, key));
        if (result === undefined) return !ended || isKeyless(plan);
        return isKeyless(plan) && isDuplicate(result);
      });
      if (unknown.length === 0) continue;
      const claimed = this.#claimedIn(plan, results);
      const asked = await persist(() => sink.ask(plan, unknown, claimed));
      if (asked === undefined) return undefined;
      for (const [key, row] of asked) found.set(resultKey(plan.object, key), row);
    }
    return found;
  }

  /** Rows another key holds, or has just been given by the same request. */
  #claimedIn(plan: ObjectPlan, results: RowResults): ClaimedByOther {
    const claimed = this.#parts.claimed(plan.object);
    const given = new Map<string, string>();
    for (const [name, result] of results) {
      if (result.kind === "refused" || !name.startsWith(`${plan.object}|`)) continue;
      for (const id of [result.destinationId, ...(result.moreIds ?? [])]) given.set(id, name);
    }
    return (id, key) => {
      const name = given.get(id);
      return (name !== undefined && name !== resultKey(plan.object, key)) || claimed(id, key);
    };
  }
}

function isDuplicate(result: RowResult): boolean {
  return result.kind === "refused" && result.class === "duplicate";
}
