import type { Org } from "../org.ts";
import type { ChildRelation } from "../schema/object-map.ts";
import type { SObject } from "../schema/sobject.ts";
import type { Row } from "../store/object-rows.ts";
import { checkMixed } from "./mixed-dml.ts";
import { ruleOf } from "./object-rules.ts";
import { binRow, purge } from "./recycle-bin.ts";
import { noAccess, refused, type RowError, rowError, type RowOutcome } from "./row-error.ts";
import { unsupported } from "./row-error.ts";
import type { Writer } from "./write.ts";

interface Doomed {
  readonly object: SObject;
  readonly row: Row;
}

/** Moves a row and what cascades from it to the recycle bin, or says what stands in the way. */
export function deleteRow(writer: Writer, object: SObject, row: Row): RowOutcome {
  if (row.deleted) return refused(rowError("ENTITY_IS_DELETED", "entity is deleted"), row.id);
  if (object.refuses.has("delete")) return refused(unsupported(object, "delete"), row.id);
  if (!writer.access.object(object).delete) return refused(noAccess(), row.id);
  const denied = checkMixed(writer.org, object, {}) ?? ruleOf(object).checkDelete?.(writer, row);
  if (denied !== undefined) return refused(denied, row.id);
  const doomed = new Map<string, Doomed>();
  collect(writer.org, { object, row }, doomed);
  const inTheWay = restricting(writer.org, object, row, doomed);
  if (inTheWay !== undefined) return refused(inTheWay, row.id);
  for (const one of doomed.values()) clearReferers(writer, one, doomed);
  for (const one of doomed.values()) binRow(writer, one.object.name, one.row, row.id);
  return { ok: true, id: row.id, created: false };
}

/** Deletes a row, and what cascades from it, past the recycle bin; a row already in the bin is purged. */
export function hardDeleteRow(writer: Writer, object: SObject, row: Row): RowOutcome {
  if (row.deleted) return purge(writer.org, row.id);
  const outcome = deleteRow(writer, object, row);
  return outcome.ok ? purge(writer.org, row.id) : outcome;
}

function collect(org: Org, start: Doomed, doomed: Map<string, Doomed>): void {
  if (doomed.has(start.row.id)) return;
  doomed.set(start.row.id, start);
  for (const relation of org.schema.childrenOf(start.object)) {
    if (relation.field.deleteRule !== "cascade") continue;
    for (const row of childrenOf(org, relation, start.row.id)) {
      collect(org, { object: relation.child, row }, doomed);
    }
  }
}

function restricting(
  org: Org,
  object: SObject,
  row: Row,
  doomed: ReadonlyMap<string, Doomed>,
): RowError | undefined {
  for (const one of doomed.values()) {
    for (const relation of org.schema.childrenOf(one.object)) {
      if (relation.field.deleteRule !== "restrict") continue;
      const children = childrenOf(org, relation, one.row.id).filter(
        (child) => !doomed.has(child.id),
      );
      if (children.length === 0) continue;
      const names = children.slice(0, 10).map(nameOf).join(", ");
      const plural = relation.child.labelPlural.toLowerCase();
      const message = `Your attempt to delete ${nameOf(row)} could not be completed because the ${object.label.toLowerCase()} record could not be deleted because it is associated with the following ${plural}: ${names}`;
      return rowError("DELETE_FAILED", message);
    }
  }
  return undefined;
}

function clearReferers(writer: Writer, one: Doomed, doomed: ReadonlyMap<string, Doomed>): void {
  const { org, stamp } = writer;
  for (const relation of org.schema.childrenOf(one.object)) {
    if (relation.field.deleteRule !== "setNull") continue;
    for (const child of childrenOf(org, relation, one.row.id)) {
      if (doomed.has(child.id)) continue;
      const values = { ...child.values, [relation.field.name]: null };
      org.rows(relation.child.name).update(child, stamp, values);
    }
  }
}

function childrenOf(org: Org, relation: ChildRelation, id: string): Row[] {
  const rows = org.rows(relation.child.name);
  const hits = rows.indexes.get(relation.field.name)?.find(id) ?? [];
  return hits.flatMap((n) => rows.get(n) ?? []);
}

function nameOf(row: Row): string {
  return String(row.values["Name"] ?? row.values["CaseNumber"] ?? row.id);
}
