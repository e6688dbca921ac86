import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";

/** Sets values of a migration's file by section; the stages read it, each for itself. */
export function setInMigration(
  folder: string,
  sections: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): void {
  const path = join(folder, "migration.yaml");
  const file = parseDocument(readFileSync(path, "utf8"));
  for (const [section, values] of Object.entries(sections)) {
    for (const [name, value] of Object.entries(values)) file.setIn([section, name], value);
  }
  writeFileSync(path, file.toString());
}
