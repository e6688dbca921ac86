import type { Environment } from "../environment.ts";
import { asGuid } from "../identifier.ts";
import type { ColumnDef, TableDef } from "../model.ts";
import { ApiError, badArgument, noSuchSegment } from "../web/api-error.ts";
import type { Call, Reply, Segment } from "../web/call.ts";
import { changedColumn, columnFrom } from "./column-from.ts";
import { columnExists } from "./create-table.ts";
import { withFileName } from "./file-name.ts";
import { castOf, listOf, noDefinition, oneOf } from "./item.ts";
import { customize } from "./lock.ts";
import { made, sentIn } from "./made.ts";
import { putTableWithMoney } from "./money-columns.ts";
import { checkSolution } from "./names.ts";
import { columnItem } from "./show-column.ts";

/** `…/Attributes`, one of them, and casts of either. */
export function columnsReply(call: Call, table: TableDef, segments: readonly Segment[]): Reply {
  const [segment, cast] = segments;
  const set = `EntityDefinitions('${table.logicalName}')/Attributes`;
  if (segment?.key === undefined) {
    if (call.method === "POST") return customize(call, () => create(call, table));
    const items = table.columns.map((column) => columnItem(call.env, table, column));
    if (cast === undefined) return listOf(call, items, { set, mixed: true });
    return listOf(call, castOf(items, cast.name), { set: `${set}/${cast.name}` });
  }
  const column = columnAt(table, segment);
  if (column === undefined) throw noDefinition();
  if (call.method === "PUT") return customize(call, () => change(call, table, column));
  if (call.method === "DELETE") return customize(call, () => remove(call.env, table, column));
  if (call.method !== "GET") throw noSuchSegment("Attributes");
  return read(call, table, column, { cast: cast?.name, below: segments[2]?.name, set });
}

function read(
  call: Call,
  table: TableDef,
  column: ColumnDef,
  { cast, below, set }: { cast: string | undefined; below: string | undefined; set: string },
): Reply {
  const item = columnItem(call.env, table, column);
  if (cast === undefined) return oneOf(call, item, { set, mixed: true });
  const [typed] = castOf([item], cast);
  if (typed === undefined) throw noDefinition();
  if (below === undefined) return oneOf(call, typed, { set: `${set}/${cast}` });
  const found = typed.navigation[below]?.();
  if (found === undefined || found === null || "length" in found) throw noDefinition();
  return oneOf(call, found, { set: `${set}/${cast}/${below}` });
}

/** The column an address names, by logical name or id. */
function columnAt(table: TableDef, segment: Segment): ColumnDef | undefined {
  const named = segment.key?.["LogicalName"]?.text ?? segment.key?.["SchemaName"]?.text;
  const id = asGuid(segment.key?.[""]?.text ?? segment.key?.["MetadataId"]?.text ?? "");
  return table.columns.find(
    (one) => one.logicalName === named?.toLowerCase() || one.metadataId === id,
  );
}

function create(call: Call, table: TableDef): Reply {
  checkSolution(call);
  const column = columnFrom(call.env, table.logicalName, sentIn(call));
  addColumn(call.env, table, column);
  const address = `EntityDefinitions(${table.metadataId})/Attributes(${column.metadataId})`;
  return made(call, address, columnItem(call.env, table, column));
}

/** Adds a column to a table; throws 400 where it has one of that name. */
export function addColumn(env: Environment, table: TableDef, column: ColumnDef): void {
  if (env.model.column(table.logicalName, column.logicalName) !== undefined)
    throw columnExists(column.logicalName);
  const columns = [...table.columns, ...withFileName(table.logicalName, column)];
  putTableWithMoney(env, { ...table, columns });
}

function change(call: Call, table: TableDef, column: ColumnDef): Reply {
  const merge = String(call.headers["mscrm.mergelabels"]).toLowerCase() === "true";
  const changed = changedColumn(column, sentIn(call), merge);
  const columns = table.columns.map((one) => (one === column ? changed : one));
  call.env.model.putTable({ ...table, columns });
  return { status: 204 };
}

function remove(env: Environment, table: TableDef, column: ColumnDef): Reply {
  if (column.custom !== true)
    throw badArgument(
      `The column '${column.logicalName}' is part of the service and cannot be deleted.`,
    );
  if (
    table.keys.some(({ columns }) => columns.includes(column.logicalName)) ||
    column.logicalName === table.primaryName
  )
    throw inUse(`column '${column.logicalName}'`);
  for (const one of env.model.manyToOne(table.logicalName))
    if (one.referencingAttribute === column.logicalName)
      env.model.removeRelationship(one.schemaName);
  dropColumns(env, table, [
    column.logicalName,
    `${column.logicalName}_base`,
    `${column.logicalName}_name`,
  ]);
  return { status: 204 };
}

/** Takes columns out of a table, and their values out of its rows. */
export function dropColumns(env: Environment, table: TableDef, names: readonly string[]): void {
  const columns = table.columns.filter(({ logicalName }) => !names.includes(logicalName));
  env.model.putTable({ ...table, columns });
  for (const name of names) env.model.forgetColumn(table.logicalName, name);
}

/** 400: something else depends on it. */
export function inUse(what: string): ApiError {
  const message = `The ${what} cannot be deleted because it is referenced by other components.`;
  return new ApiError(400, "0x8004f01f", message);
}
