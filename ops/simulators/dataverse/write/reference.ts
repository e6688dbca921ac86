import type { Environment } from "../environment.ts";
import { asGuid } from "../identifier.ts";
import type { ColumnDef, KeyDef, TableDef } from "../model.ts";
import type { LookupValue, Row, Value, Values } from "../rows/row.ts";
import { apiPath, refuseUnaddressable, segmentsOf } from "../web/address.ts";
import { ApiError, badPayload, badQuery, noSuchRow, noSuchSegment } from "../web/api-error.ts";
import type { KeyLiteral, Segment } from "../web/call.ts";
import { valueOf } from "./values.ts";

/** What an address of one row says: its id, or the values of an alternate key. */
export type RowAddress =
  | { readonly table: TableDef; readonly id: string }
  | { readonly table: TableDef; readonly key: KeyDef; readonly values: Values };

/** Reads `accounts(<guid>)` or `accounts(accountnumber='A1')`; throws where there is no such set or key. */
export function rowAddressOf(env: Environment, segment: Segment): RowAddress {
  const table = env.model.tableOfSet(segment.name);
  if (table === undefined) throw noSuchSegment(segment.name);
  const given = Object.entries(segment.key ?? {});
  const [first] = given;
  if (first === undefined) throw badQuery("The key of the record is missing.");
  const bare = given.length === 1 && (first[0] === "" || first[0] === table.primaryId);
  if (bare) {
    const id = asGuid(first[1].text);
    if (id === undefined)
      throw badQuery(`Bad Request - Error in query syntax: '${first[1].text}' is no GUID.`);
    return { table, id };
  }
  const values = Object.fromEntries(
    given.map(([name, literal]) => keyValue(env, table, name, literal)),
  );
  return { table, key: keyWith(table, Object.keys(values)), values };
}

function keyWith(table: TableDef, columns: readonly string[]): KeyDef {
  const fits = (key: KeyDef): boolean =>
    key.columns.length === columns.length && key.columns.every((one) => columns.includes(one));
  const key = table.keys.find((one) => fits(one) && one.status === "Active");
  if (key !== undefined) return key;
  const message = `The specified key attributes are not a defined key for the ${table.logicalName} entity`;
  throw new ApiError(400, "0x80060890", message);
}

function keyValue(
  env: Environment,
  table: TableDef,
  name: string,
  literal: KeyLiteral,
): [string, Value] {
  const logicalName = /^_(.+)_value$/.exec(name)?.[1] ?? name;
  const column = env.model.column(table.logicalName, logicalName);
  if (column === undefined)
    throw badQuery(
      `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${table.logicalName}'.`,
    );
  if (literal.quoted && env.settings.current().strictKeys) refuseUnaddressable(literal.text);
  return [logicalName, keyLiteral(env, table, column, literal)];
}

function keyLiteral(
  env: Environment,
  table: TableDef,
  column: ColumnDef,
  literal: KeyLiteral,
): Value {
  const place = { model: env.model, table, column };
  if (literal.quoted) return valueOf(place, literal.text);
  if (column.targets !== undefined) {
    const id = asGuid(literal.text);
    if (id === undefined) throw badQuery(`'${literal.text}' is no GUID.`);
    return { table: column.targets[0] ?? "", id };
  }
  if (column.type === "string" || column.type === "memo") {
    throw badQuery(
      `Bad Request - Error in query syntax: the value of '${column.logicalName}' needs quotes.`,
    );
  }
  const number = Number(literal.text);
  return valueOf(place, Number.isNaN(number) ? literal.text : number);
}

/** The row of an address, or undefined. */
export function findRow(env: Environment, address: RowAddress): Row | undefined {
  const { table } = address;
  const id = "id" in address ? address.id : env.keys.find(table, address.key, address.values);
  return id === undefined ? undefined : env.rows(table.logicalName).get(id);
}

/** The row of an address; 404 where there is none, in the words of how it was addressed. */
export function needRow(env: Environment, address: RowAddress): Row {
  const row = findRow(env, address);
  if (row !== undefined) return row;
  const { logicalName } = address.table;
  if ("id" in address) throw noSuchRow(logicalName, address.id);
  const message = `A record with the specified key values does not exist in ${logicalName} entity`;
  throw new ApiError(404, "0x80060891", message);
}

/** What stands around a reference: `$1` may be an earlier part of a change set. */
export interface ReferenceContext {
  readonly env: Environment;
  readonly contentIds?: ReadonlyMap<string, string> | undefined;
}

/** The address in `@odata.bind` or `@odata.id`: absolute, relative to host or base, or `$1`. */
export function referenceOf({ env, contentIds }: ReferenceContext, text: string): RowAddress {
  const resolved = text.startsWith("$") ? contentAddress(text, contentIds) : text;
  const path = resolved.replace(/^https?:\/\/[^/]*/i, "");
  const rest = apiPath(path)?.rest ?? path;
  const segments = segmentsOf(rest);
  const [segment] = segments;
  if (segment === undefined || segments.length !== 1)
    throw badQuery(`'${text}' is no address of a record.`);
  return rowAddressOf(env, segment);
}

/** What `$1` stands for. */
export function contentAddress(
  text: string,
  contentIds: ReadonlyMap<string, string> | undefined,
): string {
  const match = /^\$([^/]+)(.*)$/s.exec(text);
  const found = contentIds?.get(match?.[1] ?? "");
  if (found !== undefined) return `${found}${match?.[2] ?? ""}`;
  throw new ApiError(
    400,
    "0x80060888",
    `Content-ID Reference: '$${match?.[1] ?? ""}' does not exist in the batch context.`,
  );
}

/** The lookup value an address stands for, where its table is one of the targets; the row must be there. */
export function lookupTo(
  context: ReferenceContext,
  options: { table: TableDef; navigation: string; targets: readonly string[]; text: string },
): LookupValue {
  const { table, navigation, targets, text } = options;
  const address = referenceOf(context, text);
  if (!targets.includes(address.table.logicalName)) {
    throw badPayload(
      table.logicalName,
      `The navigation property '${navigation}' does not take an address of the entity set '${address.table.entitySetName}'.`,
    );
  }
  return { table: address.table.logicalName, id: needRow(context.env, address).id };
}
