import type { Caller, Environment } from "../environment.ts";
import type { WriteOptions, Writer } from "../extension.ts";
import { newGuid } from "../identifier.ts";
import type { TableDef } from "../model.ts";
import { type Row, type Values, isLookup } from "../rows/row.ts";
import { ApiError, noSuchRow } from "../web/api-error.ts";
import { numberColumns } from "./auto-number.ts";
import { deleteRow } from "./delete.ts";
import { fillMoney } from "./money.ts";
import { settleOwner } from "./owner.ts";
import { demand } from "./privileges.ts";
import { changeState, startState } from "./state.ts";
import { factsOf } from "./table-facts.ts";
import { secondsOf } from "./time-values.ts";

/** What writes rows for a caller; the transaction is its user's. */
export function writerOf(env: Environment, caller: Caller): Writer {
  const writer: Writer = {
    env,
    caller,
    now: secondsOf(env.clock.now()),
    create: (table, values, options = {}) =>
      createRow(writer, env.model.known(table), values, options),
    update: (row, changes, options = {}) => updateRow(writer, row, changes, options),
    delete: (row) => deleteRow(writer, row),
    read: (table, id) => {
      const row = env.rows(table).get(id);
      if (row === undefined) throw noSuchRow(table, id);
      return row;
    },
  };
  return writer;
}

function createRow(writer: Writer, table: TableDef, given: Values, options: WriteOptions): Row {
  const { env } = writer;
  const internal = options.internal === true;
  const id = options.id ?? newGuid();
  const name = table.logicalName;
  if (!internal) demand(env, writer.caller, "Create", table);
  if (env.rows(name).get(id) !== undefined) {
    throw new ApiError(412, "0x80040237", "Cannot insert duplicate key.");
  }
  const values = { ...given };
  const facts = factsOf(table);
  for (const column of facts.defaults) values[column.logicalName] ??= column.default ?? null;
  startState(env, table, id, values, internal);
  stampNew(writer, facts.columns, values);
  settleOwner(writer, table, values);
  const rules = internal ? [] : env.rulesOf(name);
  for (const rule of rules) rule.beforeCreate?.(writer, table, values);
  fillMoney(env, table, values);
  numberColumns(env, table, values);
  for (const column of facts.required) refuseMissing(table, column.logicalName, values);
  const row = env.rows(name).insert(id, env.nextVersion(), values);
  env.keys.enter(table, row);
  for (const rule of rules) rule.afterCreate?.(writer, row);
  return rules.length === 0 ? row : (env.rows(name).get(id) ?? row);
}

function updateRow(writer: Writer, before: Row, given: Values, options: WriteOptions): Row {
  const { env } = writer;
  const table = env.model.known(before.table);
  const internal = options.internal === true;
  if (!internal) demand(env, writer.caller, "Write", table);
  const changes = { ...given };
  delete changes["overriddencreatedon"];
  const rules = internal ? [] : env.rulesOf(before.table);
  for (const rule of rules) rule.beforeUpdate?.(writer, before, changes);
  changeState(env, table, before, changes);
  if (changes["ownerid"] !== undefined) settleOwner(writer, table, changes);
  const values = { ...before.values, ...changes };
  const { columns } = factsOf(table);
  stamp(writer, columns, values, "modified");
  fillMoney(env, table, values);
  for (const name in changes)
    if (columns.get(name)?.required === "SystemRequired") refuseMissing(table, name, values);
  const row = env.rows(before.table).update(before, env.nextVersion(), values);
  env.keys.enter(table, row, before);
  for (const rule of rules) rule.afterUpdate?.(writer, before, row);
  return rules.length === 0 ? row : (env.rows(before.table).get(before.id) ?? row);
}

/** The stamps of a new row. An overridden creation date ends up in `createdon`; the real one is kept in its place. */
function stampNew(writer: Writer, columns: ReadonlyMap<string, unknown>, values: Values): void {
  stamp(writer, columns, values, "created");
  stamp(writer, columns, values, "modified");
  const overridden = values["overriddencreatedon"];
  if (typeof overridden !== "string" || !columns.has("overriddencreatedon")) return;
  demand(writer.env, writer.caller, "prvOverrideCreatedOnCreatedBy");
  if (overridden > writer.now) {
    throw new ApiError(
      400,
      "0x80040203",
      "The created-on date of a record cannot be in the future.",
    );
  }
  values["createdon"] = overridden;
  values["overriddencreatedon"] = writer.now;
}

function stamp(
  writer: Writer,
  columns: ReadonlyMap<string, unknown>,
  values: Values,
  kind: "created" | "modified",
): void {
  const { caller, now } = writer;
  if (columns.has(`${kind}on`)) values[`${kind}on`] = now;
  if (columns.has(`${kind}by`)) values[`${kind}by`] = { table: "systemuser", id: caller.userId };
  if (columns.has(`${kind}onbehalfby`)) {
    const id = caller.onBehalfBy;
    values[`${kind}onbehalfby`] = id === undefined ? null : { table: "systemuser", id };
  }
}

function refuseMissing(table: TableDef, column: string, values: Values): void {
  const value = values[column];
  if (value !== undefined && value !== null && (isLookup(value) || value !== "")) return;
  throw new ApiError(
    400,
    "0x80040200",
    `Required field '${column}' is missing for table '${table.logicalName}'.`,
  );
}
