import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { exportBusinessCentral } from "./business-central/export-files.ts";
import type { Manifest } from "./business-central/file-set.ts";
import { connectionOf, type Migration } from "./migration-file.ts";

/** Stages a migration's bills and payments for phase two, in a folder. */
export function stageBusinessCentral(migration: Migration, folder: string): Promise<Manifest> {
  return exportBusinessCentral({
    connection: connectionOf(migration, "export"),
    migration: migration.name,
    folder,
    timezone: sourceTimezone(migration),
  });
}

/** The profile without its secrets: an export asks the source for nothing. */
function sourceTimezone({ profilePath }: Migration): string {
  const profile = parse(readFileSync(profilePath, "utf8")) as { source?: { timezone?: string } };
  return profile.source?.timezone ?? "UTC";
}
