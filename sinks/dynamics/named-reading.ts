import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import { valueColumn } from "./lookups.ts";
import type { TableFacts } from "./metadata.ts";
import { isPriceList, namesPriceList } from "./price-lists.ts";
import { foldedName, namesIn, productNamesField, withoutReason } from "./product-names.ts";
import type { ApiRow } from "./standing.ts";

/** A field that is read by its meaning, not from the column of its name alone. */
export interface NamedReading {
  readonly columns: readonly string[];
  readonly expand: readonly string[];
  readonly read: (row: ApiRow) => FieldValue;
}

/** How a field is read that the plan fills with names the environment knows by id; undefined for all others. */
export function namedReading(
  plan: ObjectPlan,
  table: TableFacts,
  field: FieldPlan,
): NamedReading | undefined {
  const { name } = field;
  if (namesPriceList(plan) && isPriceList(field)) {
    const list = through(table, name, "pricelevel", "name");
    return { ...list, read: (row) => list.named(row) ?? null };
  }
  const names = productNamesField(plan);
  if (names === undefined) return undefined;
  if (name === names) {
    const product = through(table, "productid", "product", "productnumber");
    return {
      ...product,
      columns: [...product.columns, name],
      read: (row) => askedOf(text(row[name]), product.named(row)),
    };
  }
  if (name !== "productdescription") return undefined;
  return {
    columns: [name, "description", "isproductoverridden"],
    expand: [],
    // A line of the catalogue has no other place for what it is about.
    read: (row) => text(row[row["isproductoverridden"] === false ? "description" : name]),
  };
}

/** What was asked for, unless the line is of a product with another number. */
function askedOf(written: string | null, product: string | undefined): string | null {
  const asked = written === null ? "" : withoutReason(written);
  const isAsked = namesIn(asked).some((name) => foldedName(name) === foldedName(product ?? ""));
  return product === undefined || isAsked ? asked : product;
}

function through(table: TableFacts, lookup: string, target: string, column: string) {
  const nav = table.nav(lookup, target) ?? lookup;
  return {
    columns: [valueColumn(lookup)],
    expand: [`${nav}($select=${column})`],
    /** Its name, or its id where it has none for us. */
    named(row: ApiRow): string | undefined {
      const id = row[valueColumn(lookup)];
      if (typeof id !== "string") return undefined;
      const name = (row[nav] as ApiRow | null | undefined)?.[column];
      return typeof name === "string" && name !== "" ? name : `id:${id}`;
    },
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
