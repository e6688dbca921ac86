import { createHash } from "node:crypto";
import { letters, number, seconds } from "../canonical-text.ts";
import type { Environment, EnvironmentRow } from "../dynamics-rows.ts";
import { labelOf } from "../dynamics-rows.ts";
import { comparableText, htmlWords } from "./forms.ts";

/** A table as its metadata and its rows tell it. */
export interface FoundTable {
  readonly name: string;
  /** The primary key's column. */
  readonly id: string;
  /** Column → the type its metadata has. */
  readonly types: ReadonlyMap<string, string>;
  /** Columns the migration has made. */
  readonly custom: readonly string[];
  readonly rows: readonly EnvironmentRow[];
}

interface Definition {
  readonly EntitySetName: string;
  readonly PrimaryIdAttribute: string;
  readonly Attributes: readonly {
    readonly LogicalName: string;
    readonly IsCustomAttribute: boolean;
    readonly AttributeTypeName: { readonly Value: string };
  }[];
}

/** Reads a table, all columns of all rows. */
export async function readTable(environment: Environment, name: string): Promise<FoundTable> {
  const [found] = await environment.rows(
    `EntityDefinitions?$filter=LogicalName eq '${name}'&$select=EntitySetName,PrimaryIdAttribute&$expand=Attributes`,
  );
  if (found === undefined) throw new Error(`The environment has no table ${name}.`);
  const { EntitySetName: set, PrimaryIdAttribute: id, Attributes } = found as unknown as Definition;
  const isMade = (column: string) => column.startsWith("qd_") && !column.endsWith("_base");
  return {
    name,
    id,
    types: new Map(Attributes.map((each) => [each.LogicalName, each.AttributeTypeName.Value])),
    custom: Attributes.filter((each) => each.IsCustomAttribute)
      .map((each) => each.LogicalName)
      .filter((column) => isMade(column) && column !== `${name}id` && column !== "qd_sourcekey"),
    rows: await environment.rows(set),
  };
}

const lookups = new Set(["LookupType", "CustomerType", "OwnerType"]);
const labels = new Set(["PicklistType", "StateType", "StatusType"]);
const numbers = new Set(["MoneyType", "DecimalType", "DoubleType", "IntegerType", "BigIntType"]);

/** The value of a column in the form it is compared in; lookups by the names their ids have. */
export function valueIn(
  table: FoundTable,
  row: EnvironmentRow,
  column: string,
  names: ReadonlyMap<string, string>,
): string | null {
  const type = table.types.get(column);
  if (type === undefined) return "no such column";
  if (lookups.has(type)) {
    const id = row[`_${column}_value`];
    return typeof id === "string" ? (names.get(id) ?? id) : null;
  }
  const value = row[column];
  if (value === null || value === undefined) return null;
  if (labels.has(type)) return labelOf(row, column);
  if (type === "MultiSelectPicklistType") return labelOf(row, column).split("; ").sort().join(";");
  if (numbers.has(type)) return number(value);
  if (type === "DateTimeType" && String(value).length > 10)
    return seconds(Date.parse(String(value)));
  return comparableText(String(value));
}

/** Values that are compared by a form of theirs: the words of a rich text, the hash of a file. */
export const forms: Readonly<Record<string, (value: unknown, column: string) => string | null>> = {
  letters: (value, column) => given(value, () => letters(written(value, column))),
  words: (value) => given(value, () => htmlWords(String(value))),
  beginning: (value) => given(value, () => htmlWords(String(value)).slice(0, 500)),
  given: (value) => given(value, () => "yes"),
  sha256: (value) =>
    given(value, () =>
      createHash("sha256")
        .update(Buffer.from(String(value), "base64"))
        .digest("hex"),
    ),
};

function written(value: unknown, column: string): string {
  return column === "documentbody"
    ? Buffer.from(String(value), "base64").toString("utf8")
    : String(value);
}

function given(value: unknown, form: () => string): string | null {
  return value === null || value === undefined || value === "" ? null : form();
}
