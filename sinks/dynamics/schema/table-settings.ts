interface Mapping {
  readonly object: string;
  readonly custom_table?: unknown;
  readonly setting?: Readonly<Record<string, unknown>> | undefined;
}

/** Which edition is licensed is no choice. */
const given = "edition";

/**
 * The settings each custom table is there by, as a remedy names them: `crew: rows`. A setting that only
 * chooses between two mappings of a table does not take it away.
 */
export function tableSettings(mappings: readonly Mapping[]): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const [object, of] of Map.groupBy(mappings, (each) => each.object)) {
    if (!of.some(({ custom_table }) => custom_table !== undefined)) continue;
    const said = conditions(of[0]).filter((condition) =>
      of.every((mapping) => conditions(mapping).includes(condition)),
    );
    if (said.length > 0) settings.set(object, said.join(" and "));
  }
  return settings;
}

function conditions(mapping: Mapping | undefined): readonly string[] {
  return Object.entries(mapping?.setting ?? {})
    .filter(([name]) => name !== given)
    .map(([name, value]) => `${name}: ${[value].flat().join(" or ")}`);
}
