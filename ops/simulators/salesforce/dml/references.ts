import type { Org } from "../org.ts";
import type { Field, Value, Values } from "../schema/field.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import { idOf, parseId } from "../store/ids.ts";
import { type RowError, rowError } from "./row-error.ts";

/** Checks every lookup among the given values and spells its id with 18 characters. */
export function checkReferences(org: Org, object: SObject, values: Values): RowError | undefined {
  for (const name in values) {
    const value = values[name];
    if (typeof value !== "string") continue;
    const field = findField(object, name);
    if (field?.type !== "reference") continue;
    const found = referenced(org, field, value);
    if (typeof found !== "string") return found;
    values[name] = found;
  }
  return undefined;
}

function referenced(org: Org, field: Field, value: string): string | RowError {
  const parsed = parseId(value);
  const target = parsed === undefined ? undefined : org.schema.byPrefix(parsed.prefix);
  if (parsed === undefined || target === undefined || !field.referenceTo.includes(target.name)) {
    const message = `${field.label}: id value of incorrect type: ${value}`;
    return rowError("MALFORMED_ID", message, [field.name]);
  }
  const status = org.rows(target.name).status(parsed.n);
  if (status === "living") return parsed.id;
  return status === "deleted"
    ? rowError("ENTITY_IS_DELETED", "entity is deleted")
    : rowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
}

/** The row that an external id of a parent names: its id, or why there is none. */
export function parentByKey(
  org: Org,
  field: Field,
  keyField: string,
  value: Value,
  onlyObject?: string,
): string | RowError {
  const targets = onlyObject === undefined ? field.referenceTo : [onlyObject];
  const hits = targets.flatMap((name) => {
    const object = org.schema.find(name);
    // Some targets, such as leads, are described but not there.
    if (object === undefined) return [];
    const rows = org.rows(name);
    const index = rows.indexes.get(findField(object, keyField)?.name ?? "");
    return (index?.find(value) ?? []).map((n) => idOf(object.keyPrefix, n));
  });
  const [id] = hits;
  const entity = targets[0] ?? "";
  if (id === undefined) {
    const message = `Foreign key external ID: ${value} not found for field ${keyField} in entity ${entity}`;
    return rowError("INVALID_FIELD", message, [keyField]);
  }
  if (hits.length === 1) return id;
  const message = `${keyField}: more than one record found for external id field: [${hits.join(", ")}]`;
  return rowError("DUPLICATE_EXTERNAL_ID", message, [keyField]);
}
