import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import { idOf } from "../store/ids.ts";
import type { Row } from "../store/object-rows.ts";
import { type RowError, rowError } from "./row-error.ts";

/** The first unique value among those given that another living row has. */
export function checkUnique(
  org: Org,
  object: SObject,
  values: Values,
  before: Pick<Row, "n"> | undefined,
): RowError | undefined {
  const rows = org.rows(object.name);
  for (const index of rows.indexes.values()) {
    const value = values[index.field.name];
    if (!index.field.unique || value === null || value === undefined) continue;
    const other = index.find(value).find((n) => n !== before?.n);
    if (other === undefined) continue;
    const id = idOf(object.keyPrefix, other);
    const message = `duplicate value found: ${index.field.name} duplicates value on record with id: ${id}`;
    return rowError("DUPLICATE_VALUE", message);
  }
  return undefined;
}
