import { z } from "zod";
import type { FieldValue } from "../../core/load-record.ts";
import { notInTable } from "./boolean.ts";
import { type Fault, MappingFault, requireType, rule, type RuleSite } from "./rule.ts";

/** A value table: the tenant's own words, value by value. */
export const values = rule({
  name: "values",
  doc: "Looks the value up in a table, letter by letter: a value without an entry is rejected as VALUE_NOT_IN_TABLE, never defaulted. `empty` is the entry of a record that has no value. A list gives a multi-select, in the table's order. Without a table the values of the field stand for themselves.",
  example:
    "Priority: { values: urgency, table: { emergency: High, high: High, normal: Medium, low: Low } }",
  schema: z.strictObject({
    values: z.string(),
    table: z.record(z.string(), z.union([z.string(), z.int()])).optional(),
    empty: z.string().optional(),
  }),
  compile(spec, site) {
    requireType(site, "picklist", "multipicklist", "string", "int");
    const table = tableOf(spec.table, site);
    checkResults(site, [...table.values(), ...(spec.empty === undefined ? [] : [spec.empty])]);
    const empty = spec.empty ?? null;
    const { get, shape } = site.path(spec.values, "text", "list");
    if (shape.kind === "list") {
      if (site.target.type !== "multipicklist") {
        throw new MappingFault(`${spec.values} is a list: it needs a multi-select field`);
      }
      const read = several(table as ReadonlyMap<string, string>, empty);
      return { read: (record) => read(get(record) as readonly string[]) };
    }
    return {
      read(record) {
        const value = get(record) as string | null;
        if (value === null || value === "") return empty;
        return table.get(value) ?? notInTable(value);
      },
    };
  },
});

function tableOf(
  given: Readonly<Record<string, string | number>> | undefined,
  { target }: RuleSite,
): ReadonlyMap<string, string | number> {
  if (given !== undefined) return new Map(Object.entries(given));
  if (target.values === undefined) {
    throw new MappingFault(`needs a table: ${target.name} does not say which values it takes`);
  }
  return new Map(target.values.map((value) => [value, value]));
}

function checkResults(site: RuleSite, results: readonly (string | number)[]): void {
  const type = site.target.type === "int" ? "number" : "string";
  const other = results.find((result) => typeof result !== type);
  if (other !== undefined) {
    throw new MappingFault(
      `the table gives ${other} to ${site.target.name}, which takes a ${type}`,
    );
  }
  const allowed = site.target.values;
  const wrong = allowed && results.find((result) => !allowed.includes(String(result)));
  if (wrong !== undefined) {
    throw new MappingFault(
      `the table gives "${wrong}", which is not among the values of ${site.target.name}`,
    );
  }
}

function several(
  table: ReadonlyMap<string, string>,
  empty: string | null,
): (list: readonly string[]) => FieldValue | Fault {
  const order = [...new Set(table.values())];
  return (list) => {
    if (list.length === 0) return empty;
    const chosen = new Set<string>();
    for (const value of list) {
      const result = table.get(value);
      if (result === undefined) return notInTable(value);
      chosen.add(result);
    }
    return order.filter((value) => chosen.has(value)).join(";");
  };
}
