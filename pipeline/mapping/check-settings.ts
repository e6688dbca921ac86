import type { DestinationRules } from "./destinations/destination-rules.ts";
import type { MappingFile } from "./mapping-file.ts";

/** What holds under a setting the destination does not offer would never hold. */
export function checkSettings(
  mappings: readonly MappingFile[],
  { settings }: DestinationRules,
  faults: string[],
): void {
  const editions = settings(undefined).edition ?? [undefined];
  const offered = new Set(
    editions.flatMap((edition) =>
      Object.entries(settings(edition)).flatMap(([name, values]) =>
        values.map((value) => `${name}: ${String(value)}`),
      ),
    ),
  );
  for (const mapping of mappings) {
    for (const match of new Set(matchesIn(mapping))) {
      if (!offered.has(match)) {
        faults.push(`${mapping.file}: setting: the destination never has ${match}`);
      }
    }
  }
}

/** Every `name: value` a file's settings ask for, wherever they stand in it. */
function matchesIn(value: unknown): string[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    if (key !== "setting" || item === null || typeof item !== "object") return matchesIn(item);
    return Object.entries(item).flatMap(([name, wanted]: [string, unknown]) =>
      [wanted].flat().map((each) => `${name}: ${String(each)}`),
    );
  });
}
