import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";

/** What of a plan is asked for with every row, found once. */
export interface RowShape {
  /** Fields a record has once, its key left out. */
  readonly shared: readonly FieldPlan[];
  /** Lookups and owners among all fields. */
  readonly bound: readonly FieldPlan[];
  /** Rows that have no value yet, by the names they leave out. */
  readonly empty: Map<string, Readonly<Record<string, FieldValue>>>;
}

const shapes = new WeakMap<ObjectPlan, RowShape>();

/** The shape of a plan's rows. */
export function rowShape(plan: ObjectPlan): RowShape {
  let shape = shapes.get(plan);
  if (shape === undefined) {
    const { fields, keyField } = plan;
    shape = {
      shared: fields.filter(({ name, perRow }) => name !== keyField && perRow !== true),
      bound: fields.filter(({ reference, owner }) => reference !== undefined || owner === true),
      empty: new Map(),
    };
    shapes.set(plan, shape);
  }
  return shape;
}

/**
 * A row of nulls without the names left out (each with a space behind it). An object filled name by name
 * becomes a hash table past a dozen names; a copy of one that JSON.parse made keeps its names in place.
 */
export function emptyRow(plan: ObjectPlan, leftOut: string): Record<string, FieldValue> {
  const { shared, empty } = rowShape(plan);
  let row = empty.get(leftOut);
  if (row === undefined) {
    const out = new Set(leftOut.split(" "));
    const names = shared.map(({ name }) => name).filter((name) => !out.has(name));
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    row = JSON.parse(JSON.stringify(nulls)) as Readonly<Record<string, FieldValue>>;
    empty.set(leftOut, row);
  }
  return { ...row };
}
