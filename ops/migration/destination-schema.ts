import { compiledPlan } from "./compiled.ts";
import type { SchemaCreated, SchemaFinding } from "../../sinks/schema-finding.ts";
import type { SchemaParts } from "./destinations/destination.ts";
import { destinationOf } from "./destinations/index.ts";
import type { Migration } from "./migration-file.ts";

/** What the migration's destination lacks for its plan, as the migration's own user sees it. */
export function schemaFindings(migration: Migration): Promise<readonly SchemaFinding[]> {
  return destinationOf(migration.file.destination).schemaFindings(partsOf(migration));
}

/** Makes what the destination lacks, as far as its API can. */
export function createDestination(migration: Migration): Promise<SchemaCreated> {
  return destinationOf(migration.file.destination).createSchema(partsOf(migration));
}

function partsOf(migration: Migration): SchemaParts {
  return { compiled: compiledPlan(migration), mappingsFolder: migration.mappingsFolder };
}
