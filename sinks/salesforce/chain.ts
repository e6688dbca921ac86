import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { Operation, RowResult, SinkRow } from "../sink.ts";
import { goneCodes, type Refusal } from "./errors.ts";

/** Field values by name. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** One row on its way: what is done to it, and for which record. */
export interface Wire {
  readonly chain: Chain;
  /** Which of the record's rows, from 1; 0 for a row that is to go. */
  readonly part: number;
  readonly operation: Operation;
  /** Null for inserts. */
  readonly id: string | null;
  readonly fields: Fields;
}

const kinds = { insert: "created", update: "updated", delete: "deleted" } as const;

/**
 * Everything one record takes: usually one row; several where a record is several rows, or where a
 * row that cannot be changed goes and another comes. Its result is known when all its rows' are.
 */
export class Chain {
  readonly plan: ObjectPlan;
  readonly row: SinkRow;
  readonly operation: Operation;
  readonly wires: Wire[] = [];
  /** Ids by part, and behind them those that ought to go and are still there. */
  readonly #ids: (string | null)[] = [];
  readonly #leaving = new Set<string>();
  #waiting = 0;
  #changed = false;
  #refusal: Refusal | undefined;

  constructor(plan: ObjectPlan, operation: Operation, row: SinkRow) {
    this.plan = plan;
    this.operation = operation;
    this.row = row;
  }

  insert(part: number, fields: Fields): void {
    this.#ids[part - 1] = null;
    this.#add({ part, operation: "insert", id: null, fields });
  }

  update(part: number, id: string, fields: Fields): void {
    this.#ids[part - 1] = id;
    this.#add({ part, operation: "update", id, fields });
  }

  /** The row stands there as it should. */
  keep(part: number, id: string): void {
    this.#ids[part - 1] = id;
  }

  remove(id: string): void {
    this.#leaving.add(id);
    this.#add({ part: 0, operation: "delete", id, fields: {} });
  }

  /** The record is refused before anything leaves. */
  refuse(refusal: Refusal): void {
    this.#refusal = refusal;
    this.wires.length = 0;
    this.#waiting = 0;
  }

  #add(wire: Omit<Wire, "chain">): void {
    this.wires.push({ chain: this, ...wire });
    this.#waiting += 1;
  }

  /** Takes what the destination said of one of the rows. */
  take(wire: Wire, result: RowResult): void {
    this.#waiting -= 1;
    const gone = result.kind === "refused" && goneCodes.has(result.code);
    // Of a row among several that is gone already, nothing is left to do; one alone is asked for.
    if (result.kind === "refused" && !(gone && wire.operation === "delete" && this.#isKeyless())) {
      this.#refusal ??= result;
      return;
    }
    this.#changed ||= wire.operation !== "update";
    if (wire.operation === "delete") this.#leaving.delete(wire.id as string);
    else if (result.kind !== "refused") this.#ids[wire.part - 1] = result.destinationId;
  }

  #isKeyless(): boolean {
    return this.plan.keyField === "";
  }

  /** What has become of the record; undefined while a row's fate is unknown. */
  result(): RowResult | undefined {
    if (this.#waiting > 0) return undefined;
    const ids = [...this.#ids.filter((id) => id !== null), ...this.#leaving];
    const refusal = this.#refusal;
    if (refusal !== undefined) return this.#changed ? { ...refusal, ids } : refusal;
    const [first = this.row.destinationId, ...moreIds] = ids;
    const more = moreIds.length === 0 ? {} : { moreIds };
    return { kind: kinds[this.operation], destinationId: first as string, ...more };
  }
}
