import { type CompiledPlan, compilePlan } from "../../pipeline/mapping/compile.ts";
import { planHash } from "../../pipeline/mapping/plan-hash.ts";
import { destinationOf } from "./destinations/index.ts";
import type { Migration } from "./migration-file.ts";

const known = new WeakMap<Migration, CompiledPlan>();

/**
 * A migration folder's mappings, compiled, with the hash a person confirms. Compiled once: who has
 * changed the folder reads the migration again.
 */
export function compiledPlan(migration: Migration): CompiledPlan {
  const plan = known.get(migration) ?? compiled(migration);
  known.set(migration, plan);
  return plan;
}

function compiled(migration: Migration): CompiledPlan {
  const { destination } = migration.file;
  const { publisherPrefix } = destinationOf(destination);
  const { fallback_owner_email: _ownersOnly, ...settings } = migration.file.settings;
  return compilePlan({
    folder: migration.mappingsFolder,
    settings,
    destination: destination.kind,
    ...(publisherPrefix === undefined ? {} : { publisherPrefix }),
    hash: planHash(migration.folder),
  });
}
