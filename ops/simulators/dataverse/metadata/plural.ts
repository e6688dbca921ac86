const unchanged: ReadonlySet<string> = new Set(["equipment", "information", "series", "species"]);
const irregular: Readonly<Record<string, string>> = { person: "people", child: "children" };

/** A logical name in the plural, as an entity set is called: `qd_city` gives `qd_cities`. */
export function pluralOf(logicalName: string): string {
  const last = /[a-z0-9]+$/.exec(logicalName)?.[0] ?? "";
  const stem = logicalName.slice(0, logicalName.length - last.length);
  const known = irregular[last];
  if (known !== undefined) return stem + known;
  if (unchanged.has(last)) return logicalName;
  if (/[^aeiou]y$/.test(last)) return `${logicalName.slice(0, -1)}ies`;
  if (/(?:s|x|z|ch|sh)$/.test(last)) return `${logicalName}es`;
  return `${logicalName}s`;
}
