import { join } from "node:path";
import { runPoller } from "../../../pipeline/source/poller.ts";
import { loadProfile } from "../../../pipeline/source/profile.ts";
import { compiledPlan } from "../../migration/compiled.ts";
import { derivations } from "../../migration/derivations.ts";
import { type StageParts, shared } from "./parts.ts";

/** Reads the source into its topics. */
export async function run(parts: StageParts): Promise<void> {
  const { migration, ready } = parts;
  const profile = loadProfile(migration.profilePath);
  ready({});
  await runPoller({
    ...shared(parts, "poller"),
    profile,
    derive: derivations(compiledPlan(migration)),
    stateFolder: join(migration.stateFolder, "poller"),
  });
}
