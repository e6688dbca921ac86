import type { ColumnDef, TableDef } from "../model.ts";
import { badPayload } from "../web/api-error.ts";
import { type Draft, type Purpose, type Reading, undeclared } from "./draft.ts";
import { singleOf, takeBind, takeNavigation } from "./payload-links.ts";
import type { ReferenceContext } from "./reference.ts";
import { factsOf } from "./table-facts.ts";
import { lookupAsValue, valueOf } from "./values.ts";

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
  const inner = (child: TableDef, value: unknown): Draft =>
    draftOf(context, child, value, "create");
  const reading: Reading = { context, draft, purpose, inner };
  const given = body as Record<string, unknown>;
  for (const name in given) {
    const at = name.indexOf("@");
    if (at < 0) takeProperty(reading, name, given[name]);
    else if (at > 0) takeAnnotation(reading, given, name, at);
  }
  return draft;
}

function takeProperty(reading: Reading, name: string, value: unknown): void {
  const { table } = reading.draft;
  const column = factsOf(table).columns.get(name);
  if (column !== undefined && column.targets === undefined)
    return takeValue(reading, column, value);
  if (column !== undefined && isIgnored(reading, column)) return;
  if (takeNavigation(reading, name, value)) return;
  if (column !== undefined && value === null) return;
  if (column !== undefined) throw lookupAsValue(table, name);
  const said = /^_.+_value$/.test(name)
    ? "CRM do not support direct update of Entity Reference properties, Use Navigation properties instead."
    : `The property '${name}' does not exist on type 'Microsoft.Dynamics.CRM.${table.logicalName}'. Make sure to only use property names that are defined by the type.`;
  throw badPayload(table.logicalName, said);
}

function takeValue(reading: Reading, column: ColumnDef, value: unknown): void {
  const { context, draft } = reading;
  const { table } = draft;
  const place = { model: context.env.model, table, column };
  if (column.logicalName === table.primaryId) {
    const id = valueOf({ ...place, column: { ...column, type: "uniqueidentifier" } }, value);
    if (typeof id === "string") draft.id = id;
    return;
  }
  // A state on create is ignored later, where the state is settled.
  if (column.type !== "state" && isIgnored(reading, column)) return;
  draft.values[column.logicalName] = valueOf(place, value);
}

/** A value for a column that is not valid for this write is ignored, or refused where the environment says so. */
function isIgnored({ context, draft, purpose }: Reading, column: ColumnDef): boolean {
  const valid = purpose === "create" ? column.validForCreate : column.validForUpdate;
  if (valid !== false) return false;
  if (context.env.settings.current().ignoreReadOnly) return true;
  const said = `The property '${column.logicalName}' cannot be set.`;
  throw badPayload(draft.table.logicalName, said);
}

function takeAnnotation(
  reading: Reading,
  given: Readonly<Record<string, unknown>>,
  whole: string,
  at: number,
): void {
  const { context, draft } = reading;
  const name = whole.slice(0, at);
  if (whole.slice(at) === "@odata.bind") {
    const single = singleOf(context.env, draft.table, name)?.column;
    const column = factsOf(draft.table).columns.get(single ?? "");
    if (column === undefined || !isIgnored(reading, column)) takeBind(reading, name, given[whole]);
  } else if (!(name in given)) throw undeclared(draft.table, name);
}
