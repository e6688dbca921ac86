import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CutoverError } from "../../pipeline/core/errors.ts";
import { type Migration, readMigration } from "../migration/migration-file.ts";

/** Where a rehearsal keeps its migration folder. */
export const rehearsalFolder = resolve(import.meta.dirname, "../../.cutover/rehearsal");

/** The migration a command is about, and where its ledger answers. */
export interface Running {
  readonly migration: Migration;
  readonly ledgerUrl: string;
}

/** Finds the running ledger of a migration folder; CONFIG_INVALID says how to start one. */
export function runningMigration(folder: string): Running {
  const migration = readMigration(folder);
  const path = join(migration.stateFolder, "processes.json");
  const processes = existsSync(path)
    ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, { http?: string; pid?: number }>)
    : {};
  const ledger = processes["ledger"];
  if (ledger?.http === undefined || !alive(ledger.pid)) {
    throw new CutoverError(
      "CONFIG_INVALID",
      `No ledger of ${migration.name} is running: start it with \`cutover rehearse --keep\`.`,
    );
  }
  return { migration, ledgerUrl: ledger.http };
}

function alive(pid: number | undefined): boolean {
  return pid !== undefined && existsSync(`/proc/${pid}`);
}
