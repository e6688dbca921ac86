import { asGuid, newGuid } from "../identifier.ts";
import type { ColumnType, KeyDef, TableDef } from "../model.ts";
import { ApiError, badArgument, noSuchSegment } from "../web/api-error.ts";
import type { Call, Reply, Segment } from "../web/call.ts";
import { listOf, noDefinition, oneOf } from "./item.ts";
import { textOfLabel } from "./labels.ts";
import { customize } from "./lock.ts";
import { made, sentIn } from "./made.ts";
import { checkedName, checkSolution } from "./names.ts";
import { keyItem } from "./show-table.ts";

const mostKeys = 10;
const mostColumns = 16;
const mostBytes = 900;
const types: ReadonlySet<ColumnType> = new Set<ColumnType>([
  "decimal",
  "integer",
  "string",
  "datetime",
  "lookup",
  "customer",
  "picklist",
]);

/** `…/Keys` and one of them. */
export function keysReply(call: Call, table: TableDef, [segment]: readonly Segment[]): Reply {
  const set = `EntityDefinitions('${table.logicalName}')/Keys`;
  if (segment?.key === undefined) {
    if (call.method === "POST") return customize(call, () => create(call, table));
    return listOf(
      call,
      table.keys.map((key) => keyItem(table, key)),
      { set },
    );
  }
  const named = segment.key["LogicalName"]?.text.toLowerCase();
  const id = asGuid(segment.key[""]?.text ?? segment.key["MetadataId"]?.text ?? "");
  const key = table.keys.find((one) => one.metadataId === id || one.logicalName === named);
  if (key === undefined) throw noDefinition();
  if (call.method === "GET") return oneOf(call, keyItem(table, key), { set });
  if (call.method !== "DELETE") throw noSuchSegment("Keys");
  return customize(call, () => {
    call.env.keys.drop(key);
    call.env.model.putTable({ ...table, keys: table.keys.filter((one) => one !== key) });
    return { status: 204 };
  });
}

function create(call: Call, table: TableDef): Reply {
  const { env } = call;
  checkSolution(call);
  const sent = sentIn(call);
  const schemaName = checkedName(env, sent["SchemaName"]);
  const columns = (Array.isArray(sent["KeyAttributes"]) ? sent["KeyAttributes"] : []).map(
    (name: unknown) => String(name).toLowerCase(),
  );
  checkNew(table, schemaName, columns);
  checkColumns(table, columns);
  const key: KeyDef = {
    metadataId: newGuid(),
    schemaName,
    logicalName: schemaName.toLowerCase(),
    columns,
    status: "Pending",
    orderedAt: env.clock.now(),
    displayName: textOfLabel(sent["DisplayName"]) ?? schemaName,
  };
  env.model.putTable({ ...table, keys: [...table.keys, key] });
  const address = `EntityDefinitions(${table.metadataId})/Keys(${key.metadataId})`;
  return made(call, address, keyItem(table, key));
}

function checkNew(table: TableDef, name: string, columns: readonly string[]): void {
  if (table.keys.some(({ logicalName }) => logicalName === name.toLowerCase()))
    throw new ApiError(400, "0x80060893", `An entity key with the name ${name} already exists.`);
  const sorted = [...columns].sort().join(",");
  if (table.keys.some((key) => [...key.columns].sort().join(",") === sorted))
    throw new ApiError(
      400,
      "0x80060894",
      "An entity key with the selected attributes already exists.",
    );
  if (table.keys.length >= mostKeys)
    throw badArgument(`A table has at most ${mostKeys} alternate keys.`);
}

function checkColumns(table: TableDef, columns: readonly string[]): void {
  if (columns.length === 0 || columns.length > mostColumns)
    throw badArgument(`A key has between 1 and ${mostColumns} columns.`);
  let bytes = 0;
  for (const name of columns) {
    const column = table.columns.find(({ logicalName }) => logicalName === name);
    if (column === undefined) throw badArgument(`The table has no column '${name}'.`);
    if (!types.has(column.type))
      throw badArgument(`A column of the type of '${name}' cannot be part of a key.`);
    if (column.extra?.["IsSecured"] === true)
      throw badArgument(`The column '${name}' is secured and cannot be part of a key.`);
    bytes += column.type === "string" ? (column.maxLength ?? 100) * 2 : 16;
  }
  if (bytes > mostBytes)
    throw new ApiError(
      400,
      "0x80060895",
      `The key would need ${bytes} bytes; ${mostBytes} are possible.`,
    );
}
