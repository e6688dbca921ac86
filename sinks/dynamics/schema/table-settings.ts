/** The settings each custom table is there by, as a remedy names them: `crew: rows`; a table without a condition is left out. */
export function tableSettings(
  mappings: readonly {
    readonly object: string;
    readonly custom_table?: unknown;
    readonly setting?: Readonly<Record<string, unknown>> | undefined;
  }[],
): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const { object, custom_table, setting } of mappings) {
    if (custom_table === undefined || setting === undefined) continue;
    const said = Object.entries(setting)
      .filter(([name]) => name !== "edition")
      .map(([name, value]) => `${name}: ${[value].flat().join(" or ")}`);
    if (said.length > 0) settings.set(object, said.join(" and "));
  }
  return settings;
}
