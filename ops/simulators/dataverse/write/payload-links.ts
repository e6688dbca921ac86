import type { Environment } from "../environment.ts";
import type { TableDef } from "../model.ts";
import { badPayload } from "../web/api-error.ts";
import { type Reading, undeclared } from "./draft.ts";
import { collectionOf } from "./navigation.ts";
import { lookupTo } from "./reference.ts";
import { factsOf } from "./table-facts.ts";
import { lookupAsValue } from "./values.ts";

/** Takes `<navigation>@odata.bind`: one address, null, or for a collection a list of addresses. */
export function takeBind({ context, draft }: Reading, name: string, value: unknown): void {
  const { table } = draft;
  if (Array.isArray(value)) {
    const collection = collectionOf(context.env.model, table, name);
    if (collection === undefined) throw undeclared(table, name);
    for (const text of value as unknown[]) {
      const options = { table, navigation: name, targets: [collection.target], text: String(text) };
      draft.links.push({ collection, target: lookupTo(context, options) });
    }
    return;
  }
  const single = singleOf(context.env, table, name);
  if (single === undefined || (value !== null && typeof value !== "string")) {
    throw undeclared(table, name);
  }
  const cleared = value === null || value === "";
  const named = { table, navigation: name, targets: single.targets };
  draft.values[single.column] = cleared ? null : lookupTo(context, { ...named, text: value });
}

/** The lookup column a single-valued navigation property writes, and where it may point. */
export function singleOf(
  env: Environment,
  table: TableDef,
  name: string,
): { column: string; targets: readonly string[] } | undefined {
  const column = factsOf(table).columns.get(name);
  if (column?.type === "owner") {
    return { column: name, targets: column.targets ?? ["systemuser", "team"] };
  }
  const found = env.model
    .manyToOne(table.logicalName)
    .filter((one) => one.referencingNavigation === name);
  const [first] = found;
  if (first === undefined) return undefined;
  return { column: first.referencingAttribute, targets: found.map((one) => one.referencedEntity) };
}

/** Takes a row within the row, a null that clears a lookup, or rows of a collection; false where the name is no navigation property. */
export function takeNavigation(reading: Reading, name: string, value: unknown): boolean {
  const { context, draft } = reading;
  const single = singleOf(context.env, draft.table, name);
  if (single !== undefined) {
    if (value === null) draft.values[single.column] = null;
    else takeParent(reading, name, value);
    return true;
  }
  const collection = collectionOf(context.env.model, draft.table, name);
  if (collection === undefined || !Array.isArray(value)) return false;
  // The parties of an activity are part of it; other rows are not updated through their parent.
  if (!name.endsWith("_activity_parties")) refuseDeepUpdate(reading, name);
  const target = context.env.model.known(collection.target);
  for (const child of value as unknown[]) {
    draft.children.push({ collection, draft: reading.inner(target, child) });
  }
  return true;
}

function takeParent(reading: Reading, name: string, value: unknown): void {
  const { context, draft } = reading;
  const { model } = context.env;
  if (typeof value !== "object") throw lookupAsValue(draft.table, name);
  refuseDeepUpdate(reading, name);
  const relationship = model
    .manyToOne(draft.table.logicalName)
    .find((one) => one.referencingNavigation === name);
  if (relationship === undefined) throw undeclared(draft.table, name);
  const parent = model.known(relationship.referencedEntity);
  draft.parents.push({ relationship, draft: reading.inner(parent, value) });
}

function refuseDeepUpdate({ draft, purpose }: Reading, name: string): void {
  if (purpose === "create") return;
  const message = `Deep update of navigation property '${name}' is not allowed.`;
  throw badPayload(draft.table.logicalName, message);
}
