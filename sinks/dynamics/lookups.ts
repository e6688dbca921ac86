import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import { type Metadata, type TableFacts, tableOf } from "./metadata.ts";
import type { ApiRow } from "./standing.ts";

/** The rows of one table a lookup may name, and how their source key is read with the row. */
export interface LookupTarget {
  readonly table: string;
  /** The navigation property it is expanded through. */
  readonly nav: string;
  /** The column its source key stands in; undefined where its rows carry none. */
  readonly keyColumn: string | undefined;
}

/** Whether a field names another row. */
export function isLookup({ owner, reference }: FieldPlan): boolean {
  return owner === true || reference !== undefined;
}

/** The tables a field may name rows of. */
export function targetsOf({ owner, reference }: FieldPlan): readonly string[] {
  if (reference === undefined) return owner === true ? ["systemuser"] : [];
  return [...new Set([reference.object, ...Object.values(reference.byEntity ?? {})])];
}

/** Asks for all tables that rows of a plan touch, in as few calls as they take; who needs one waits for that one. */
export function askFor(metadata: Metadata, { object, fields }: ObjectPlan): void {
  for (const name of new Set([object, ...fields.flatMap(targetsOf)])) {
    // Whoever needs it hears of it.
    metadata.table(name).catch(() => undefined);
  }
}

/** The tables a field may lead to. Owners are users, who are known by their id. */
export async function lookupTargets(
  metadata: Metadata,
  table: TableFacts,
  field: FieldPlan,
  keyColumn: string,
): Promise<readonly LookupTarget[]> {
  const { reference } = field;
  if (field.owner === true || reference === undefined) return [];
  const targets: LookupTarget[] = [];
  for (const name of targetsOf(field)) {
    const nav = table.nav(field.name, name);
    if (nav === undefined) continue;
    const { columns } = await tableOf(metadata, name);
    targets.push({ table: name, nav, keyColumn: columns.has(keyColumn) ? keyColumn : undefined });
  }
  return targets;
}

/** The column an id of a lookup is read from. */
export function valueColumn(name: string): string {
  return `_${name}_value`;
}

/** What a lookup means: its target's source key, or `id:<guid>` where the target carries none. */
export function meaningOf(
  row: ApiRow,
  name: string,
  targets: readonly LookupTarget[],
): string | null {
  const id = row[valueColumn(name)];
  if (typeof id !== "string" || id === "") return null;
  for (const { nav, keyColumn } of targets) {
    const target = row[nav] as ApiRow | null | undefined;
    const key = keyColumn === undefined ? undefined : target?.[keyColumn];
    if (typeof key === "string" && key !== "") return key;
  }
  return `id:${id.toLowerCase()}`;
}

/** The lookup that says under whose row one without a key of its own stands. */
export function parentField(plan: ObjectPlan): FieldPlan {
  const parent = plan.fields.find(({ reference, owner }) => reference !== undefined && !owner);
  if (parent === undefined) throw new Error(`${plan.object} has neither a key nor a parent.`);
  return parent;
}
