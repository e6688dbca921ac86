import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, stringify } from "yaml";
import { CutoverError } from "../../../pipeline/core/errors.ts";
import type { StackAddresses } from "../../stack/stack.ts";
import type { DestinationKind } from "../../../pipeline/core/plan.ts";
import type { Edition } from "../destinations/rehearsed.ts";
import { type Migration, readMigration } from "../migration-file.ts";

const pipeline = join(import.meta.dirname, "../../../pipeline");

/** Empties the rehearsal's folder; refuses while an earlier rehearsal still uses it. */
export function emptyFolder(folder: string): void {
  const note = join(folder, "state/processes.json");
  if (existsSync(note)) {
    const processes = JSON.parse(readFileSync(note, "utf8")) as Record<string, { pid?: number }>;
    const running = Object.values(processes).find((each) => existsSync(`/proc/${each.pid}`));
    if (running !== undefined) {
      throw new CutoverError(
        "CONFIG_INVALID",
        `A rehearsal is still running in ${folder} (process ${running.pid}): end it, or name another --folder.`,
      );
    }
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** Writes the migration folder of a rehearsal: defaults, except what makes a minute enough. */
export function writeFolder(options: {
  readonly folder: string;
  readonly stack: StackAddresses;
  readonly destination: DestinationKind;
  readonly edition?: Edition | undefined;
  /** `destination:` of `migration.yaml`. */
  readonly block: object;
  readonly partitions: number;
  readonly fallbackOwner: string;
}): Migration {
  const { folder } = options;
  cpSync(join(pipeline, "mapping", options.destination), join(folder, "mappings"), {
    recursive: true,
  });
  writeFileSync(join(folder, "source-profile.yaml"), rehearsalProfile());
  writeFileSync(
    join(folder, "migration.yaml"),
    stringify({
      // A name of its own each time: topics of an earlier rehearsal are never read.
      migration: `rehearsal-${Date.now().toString(36)}`,
      source: { profile: "source-profile.yaml" },
      destination: options.block,
      kafka: { ...options.stack, partitions: options.partitions },
      clickhouse: {},
      // A minute of delta wants its changes read back at once; a day of it could not pay for that.
      observer: { interval_ms: 2000 },
      state_folder: "state",
      settings: {
        audit_fields: true,
        fallback_owner_email: options.fallbackOwner,
        ...(options.edition === undefined ? {} : { edition: options.edition }),
      },
    }),
  );
  return readMigration(folder);
}

/** The default profile with a lookback of 5 s, so that finish can prove itself in time. */
function rehearsalProfile(): string {
  const profile = parseDocument(
    readFileSync(join(pipeline, "source/profiles/export-feed.yaml"), "utf8"),
  );
  profile.setIn(["defaults", "incremental", "lookback_window"], "PT5S");
  profile.setIn(["defaults", "poll", "full"], "5s");
  profile.setIn(["defaults", "deletes", "census", "every"], "PT15S");
  profile.setIn(["defaults", "deletes", "census", "confirm"], 2);
  return profile.toString();
}
