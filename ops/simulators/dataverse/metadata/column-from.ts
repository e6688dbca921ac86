import type { Environment } from "../environment.ts";
import { newGuid } from "../identifier.ts";
import type { ColumnDef, ColumnType, RequiredLevel } from "../model.ts";
import { badArgument, badPayload } from "../web/api-error.ts";
import { choiceFrom } from "./choice-from.ts";
import { typeOfDefinition } from "./column-types.ts";
import { textOfLabel, valueOfManaged } from "./labels.ts";
import { checkedName } from "./names.ts";

/** A definition as a client sent it. */
export type Sent = Readonly<Record<string, unknown>>;

const creatable: ReadonlySet<ColumnType> = new Set<ColumnType>([
  "string",
  "memo",
  "integer",
  "bigint",
  "decimal",
  "double",
  "money",
  "datetime",
  "boolean",
  "picklist",
  "multiselect",
  "image",
  "file",
  "uniqueidentifier",
]);

/** A new column from its definition; throws 400 where it says something impossible. */
export function columnFrom(env: Environment, table: string, sent: Sent): ColumnDef {
  const type = typeOfDefinition(sent["@odata.type"]);
  if (type === undefined)
    throw badPayload("attribute", "The @odata.type of the column is missing or not known.");
  if (!creatable.has(type))
    throw badArgument(
      `Columns of the type '${type}' are not created this way; a lookup comes with its relationship.`,
    );
  const schemaName = checkedName(env, sent["SchemaName"]);
  const logicalName = schemaName.toLowerCase();
  return {
    metadataId: newGuid(),
    logicalName,
    schemaName,
    type,
    custom: true,
    ...saidOf(sent, type),
    ...extraOf(sent, type),
    ...choiceFrom(env, { table, column: schemaName, type, sent }),
  };
}

/** A column as changed by a whole new definition; labels that are not there stay where labels are merged. */
export function changedColumn(column: ColumnDef, sent: Sent, merge: boolean): ColumnDef {
  const type = typeOfDefinition(sent["@odata.type"]);
  if (
    type !== undefined &&
    type !== column.type &&
    !(column.targets !== undefined && type === "lookup")
  )
    throw badArgument(`The type of the column '${column.logicalName}' cannot be changed.`);
  const said = saidOf(sent, column.type);
  const labels = merge
    ? {}
    : { displayName: said.displayName ?? "", description: said.description ?? "" };
  return { ...column, ...said, ...labels, ...("default" in said ? {} : keptDefault(column)) };
}

/** What is only said and shown again. */
function extraOf(sent: Sent, type: ColumnType): Pick<ColumnDef, "extra"> {
  const extra = {
    ...(type === "file" ? { MaxSizeInKB: sent["MaxSizeInKB"] ?? 32_768 } : {}),
    ...(sent["IsSecured"] === true ? { IsSecured: true } : {}),
  };
  return Object.keys(extra).length === 0 ? {} : { extra };
}

function keptDefault({ default: kept }: ColumnDef): Partial<ColumnDef> {
  return kept === undefined ? {} : { default: kept };
}

/** What is said about a column of a type, within the bounds of the type. */
export function saidOf(sent: Sent, type: ColumnType): Partial<ColumnDef> {
  const required = valueOfManaged(sent["RequiredLevel"]);
  const displayName = textOfLabel(sent["DisplayName"]);
  const description = textOfLabel(sent["Description"]);
  return {
    ...(typeof required === "string" ? { required: required as RequiredLevel } : {}),
    ...(displayName === undefined ? {} : { displayName }),
    ...(description === undefined ? {} : { description }),
    ...boundsOf(sent, type),
  };
}

interface Bounds {
  readonly length?: number;
  readonly precision?: number;
  readonly range?: readonly [number, number];
}

const whole: readonly [number, number] = [-2_147_483_648, 2_147_483_647];
const wide: readonly [number, number] = [-100_000_000_000, 100_000_000_000];
const amounts: readonly [number, number] = [-922_337_203_685_477, 922_337_203_685_477];
const bounds: Partial<Record<ColumnType, Bounds>> = {
  string: { length: 4_000 },
  memo: { length: 1_048_576 },
  integer: { range: whole },
  decimal: { range: wide, precision: 10 },
  double: { range: wide, precision: 5 },
  money: { range: amounts, precision: 4 },
};

function boundsOf(sent: Sent, type: ColumnType): Partial<ColumnDef> {
  const { length, precision, range } = bounds[type] ?? {};
  const format = valueOfManaged(sent["FormatName"] ?? sent["Format"]);
  const behavior = valueOfManaged(sent["DateTimeBehavior"]);
  const initially = type === "boolean" ? sent["DefaultValue"] : sent["DefaultFormValue"];
  const auto = sent["AutoNumberFormat"];
  return {
    ...(length === undefined ? {} : { maxLength: within(sent, "MaxLength", [1, length], 100) }),
    ...(precision === undefined ? {} : { precision: within(sent, "Precision", [0, precision], 2) }),
    ...(range === undefined
      ? {}
      : {
          min: within(sent, "MinValue", range, range[0]),
          max: within(sent, "MaxValue", range, range[1]),
        }),
    ...(typeof format === "string" ? { format } : {}),
    ...(type === "datetime" ? { dateBehavior: (behavior ?? "UserLocal") as "UserLocal" } : {}),
    ...(typeof auto === "string" && auto !== "" ? { autoNumberFormat: auto } : {}),
    ...(type === "boolean" ? { default: initially === true } : {}),
    ...(typeof initially === "number" && initially >= 0 ? { default: initially } : {}),
  };
}

function within(
  sent: Sent,
  name: string,
  [least, most]: readonly [number, number],
  usual: number,
): number {
  const value = sent[name] ?? usual;
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw badArgument(`The value of '${name}' must be between ${least} and ${most}.`);
}
