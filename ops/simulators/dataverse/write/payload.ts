import type { Environment } from "../environment.ts";
import type { ColumnDef, OneToManyDef, TableDef } from "../model.ts";
import type { LookupValue, Values } from "../rows/row.ts";
import { ApiError, badPayload } from "../web/api-error.ts";
import { collectionOf, type Collection } from "./navigation.ts";
import { lookupTo, type ReferenceContext } from "./reference.ts";
import { factsOf } from "./table-facts.ts";
import { lookupAsValue, valueOf } from "./values.ts";

/** What a payload says about a row and the rows that come with it. */
export interface Draft {
  readonly table: TableDef;
  id: string | undefined;
  readonly values: Values;
  /** Rows to be created before it, to which its lookups then point. */
  readonly parents: { readonly relationship: OneToManyDef; readonly draft: Draft }[];
  /** Rows to be created behind it. */
  readonly children: { readonly collection: Collection; readonly draft: Draft }[];
  /** Rows to be associated with it. */
  readonly links: { readonly collection: Collection; readonly target: LookupValue }[];
}

/** Whether a payload makes a row or changes one; what is not valid for it is ignored. */
export type Purpose = "create" | "update";

/** Reads a payload; throws the 400 of its first fault. */
export function draftOf(
  context: ReferenceContext,
  table: TableDef,
  body: unknown,
  purpose: Purpose,
): Draft {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw badPayload(table.logicalName, "The payload is not a JSON object.");
  }
  const draft: Draft = { table, id: undefined, values: {}, parents: [], children: [], links: [] };
  const given = body as Record<string, unknown>;
  for (const name in given)
    takeProperty(context, draft, purpose, { name, value: given[name], given });
  return draft;
}

interface Property {
  readonly name: string;
  readonly value: unknown;
  readonly given: Readonly<Record<string, unknown>>;
}

function takeProperty(
  context: ReferenceContext,
  draft: Draft,
  purpose: Purpose,
  property: Property,
): void {
  const { name, value } = property;
  const at = name.indexOf("@");
  if (at === 0) return;
  if (at > 0)
    return takeAnnotation(
      context,
      draft,
      { ...property, name: name.slice(0, at) },
      name.slice(at + 1),
    );
  const { table } = draft;
  const column = factsOf(table).columns.get(name);
  if (column !== undefined && column.targets === undefined)
    return takeValue(context.env, draft, column, value, purpose);
  if (takeNavigation(context, draft, name, value, purpose)) return;
  if (column !== undefined && value !== null) throw lookupAsValue(table, name);
  if (/^_.+_value$/.test(name)) {
    throw badPayload(
      table.logicalName,
      "CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.",
    );
  }
  throw badPayload(
    table.logicalName,
    `The property '${name}' does not exist on type 'Microsoft.Dynamics.CRM.${table.logicalName}'. Make sure to only use property names that are defined by the type.`,
  );
}

function takeValue(
  env: Environment,
  draft: Draft,
  column: ColumnDef,
  value: unknown,
  purpose: Purpose,
): void {
  const { table } = draft;
  const place = { model: env.model, table, column };
  if (column.logicalName === table.primaryId) {
    const id = valueOf({ ...place, column: { ...column, type: "uniqueidentifier" } }, value);
    if (typeof id === "string") draft.id = id;
    return;
  }
  const valid = purpose === "create" ? column.validForCreate : column.validForUpdate;
  if (valid === false && column.type !== "state") {
    if (env.settings.current().ignoreReadOnly) return;
    throw badPayload(table.logicalName, `The property '${column.logicalName}' cannot be set.`);
  }
  draft.values[column.logicalName] = valueOf(place, value);
}

function takeAnnotation(
  context: ReferenceContext,
  draft: Draft,
  property: Property,
  annotation: string,
): void {
  const { name, value, given } = property;
  if (annotation !== "odata.bind") {
    if (name in given || annotation.includes(".")) return;
    throw undeclared(draft.table, name);
  }
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
  if (single === undefined) throw undeclared(table, name);
  if (value !== null && typeof value !== "string") throw undeclared(table, name);
  draft.values[single.column] =
    value === null || value === ""
      ? null
      : lookupTo(context, { table, navigation: name, targets: single.targets, text: value });
}

/** The lookup column a single-valued navigation property writes, and where it may point. */
function singleOf(
  env: Environment,
  table: TableDef,
  name: string,
): { column: string; targets: readonly string[] } | undefined {
  const column = factsOf(table).columns.get(name);
  if (column?.type === "owner")
    return { column: name, targets: column.targets ?? ["systemuser", "team"] };
  const targets: string[] = [];
  let found = "";
  for (const one of env.model.manyToOne(table.logicalName)) {
    if (one.referencingNavigation !== name) continue;
    found = one.referencingAttribute;
    targets.push(one.referencedEntity);
  }
  return found === "" ? undefined : { column: found, targets };
}

/** Takes a row within the row, a null that clears a lookup, or rows of a collection; false where the name is no navigation property. */
function takeNavigation(
  context: ReferenceContext,
  draft: Draft,
  name: string,
  value: unknown,
  purpose: Purpose,
): boolean {
  const { table } = draft;
  const { model } = context.env;
  const single = singleOf(context.env, table, name);
  if (single !== undefined) {
    if (value === null) draft.values[single.column] = null;
    else if (typeof value !== "object") throw lookupAsValue(table, name);
    else if (purpose === "update")
      throw badPayload(
        table.logicalName,
        `Deep update of navigation property '${name}' is not allowed.`,
      );
    else {
      const relationship = model
        .manyToOne(table.logicalName)
        .find((one) => one.referencingNavigation === name);
      if (relationship === undefined) throw undeclared(table, name);
      const parent = model.known(relationship.referencedEntity);
      draft.parents.push({ relationship, draft: draftOf(context, parent, value, "create") });
    }
    return true;
  }
  const collection = collectionOf(model, table, name);
  if (collection === undefined || !Array.isArray(value)) return false;
  if (purpose === "update" && !name.endsWith("_activity_parties")) {
    throw badPayload(
      table.logicalName,
      `Deep update of navigation property '${name}' is not allowed.`,
    );
  }
  const target = model.known(collection.target);
  for (const child of value as unknown[]) {
    draft.children.push({ collection, draft: draftOf(context, target, child, "create") });
  }
  return true;
}

function undeclared(table: TableDef, name: string): ApiError {
  return badPayload(
    table.logicalName,
    `An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
  );
}
