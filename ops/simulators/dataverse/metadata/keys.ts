import type { Environment } from "../environment.ts";
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
    bytes += column.type === "string" ? (column.maxLength ?? 100) * 2 : 16;
  }
  if (bytes > mostBytes)
    throw new ApiError(
      400,
      "0x80060895",
      `The key would need ${bytes} bytes; ${mostBytes} are possible.`,
    );
}

const quiet = new WeakMap<Environment, number>();

/** Moves the indexes of new keys on: Pending, InProgress, then Active, or Failed where rows have the same values. */
export function activateKeys(env: Environment): void {
  // As long as no definition changes, no key waits that did not wait before.
  if (quiet.get(env) === env.model.version) return;
  let waiting = false;
  for (const table of env.model.tables)
    for (const key of table.keys)
      if (key.status === "Pending" || key.status === "InProgress")
        waiting = advance(env, table.logicalName, key) || waiting;
  if (!waiting) quiet.set(env, env.model.version);
}

function advance(env: Environment, tableName: string, key: KeyDef): boolean {
  const { keyPendingMs, keyInProgressMs } = env.settings.current();
  const age = env.clock.now() - (key.orderedAt ?? 0);
  if (age < keyPendingMs) return true;
  if (age < keyPendingMs + keyInProgressMs) {
    if (key.status === "Pending") putKey(env, tableName, { ...key, status: "InProgress" });
    return true;
  }
  env.database.transaction(() => {
    const built = env.keys.build(env.model.known(tableName), key);
    putKey(env, tableName, { ...key, status: built ? "Active" : "Failed" });
  });
  return false;
}

function putKey(env: Environment, tableName: string, changed: KeyDef): void {
  const table = env.model.known(tableName);
  const keys = table.keys.map((key) => (key.metadataId === changed.metadataId ? changed : key));
  env.model.putTable({ ...table, keys });
}

/** ReactivateEntityKey: a failed index is tried again. */
export function reactivate(call: Call): Reply {
  const { EntityLogicalName, EntityKeyLogicalName } = sentIn(call);
  const table = call.env.model.table(String(EntityLogicalName));
  const key = table?.keys.find(
    (one) => one.logicalName === String(EntityKeyLogicalName).toLowerCase(),
  );
  if (table === undefined || key === undefined) throw noDefinition();
  if (key.status !== "Failed") throw badArgument("Only a failed key can be reactivated.");
  putKey(call.env, table.logicalName, {
    ...key,
    status: "Pending",
    orderedAt: call.env.clock.now(),
  });
  return { status: 204 };
}
