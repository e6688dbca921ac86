import type { CompiledMapping } from "./compile-mapping.ts";
import type { DestinationRules } from "./destinations/destination-rules.ts";
import type { CustomTable } from "./target-field.ts";

/** The tables a plan's mappings declare, by object. */
export function customTables(
  compiled: readonly CompiledMapping[],
): ReadonlyMap<string, CustomTable> {
  return new Map(
    compiled.flatMap(({ mapping: { object, custom_table: table } }) =>
      table === undefined ? [] : [[object, table] as const],
    ),
  );
}

/** Where tables are declared, each custom object is by exactly one of its mappings; elsewhere none is. */
export function checkTables(
  compiled: readonly CompiledMapping[],
  { declaresTables, isCustom }: DestinationRules,
  faults: string[],
): void {
  for (const [object, of] of Map.groupBy(compiled, ({ mapping }) => mapping.object)) {
    const declaring = of.filter(({ mapping }) => mapping.custom_table !== undefined);
    const due = declaresTables && isCustom(object) ? 1 : 0;
    if (declaring.length === due) continue;
    const files = (declaring.length > 0 ? declaring : of).map(({ mapping }) => mapping.file);
    const wrong =
      due === 0
        ? `${object} is no table to be declared here`
        : `one mapping of ${object} declares the table, and ${declaring.length} do`;
    faults.push(`${files.join(", ")}: custom_table: ${wrong}`);
  }
}
