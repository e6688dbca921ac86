import { readMappings } from "../../pipeline/mapping/mapping-file.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { openClient, type SalesforceClient } from "../../sinks/salesforce/client.ts";
import { checkSchema } from "../../sinks/salesforce/schema/check-schema.ts";
import { createSchema, type SchemaCreated } from "../../sinks/salesforce/schema/create-schema.ts";
import type { SchemaFinding } from "../../sinks/salesforce/schema/finding.ts";
import { compiledPlan } from "./compiled.ts";
import type { Migration } from "./migration-file.ts";
import { clientOptions } from "./open-sink.ts";

/** What the migration's destination lacks for its plan, as the migration's own user sees it. */
export function schemaFindings(migration: Migration): Promise<readonly SchemaFinding[]> {
  const teamRoles = teamRolesOf(migration);
  return withClient(migration, (client) =>
    checkSchema(client, compiledPlan(migration), { teamRoles }),
  );
}

/** Makes what the destination lacks, as far as the Metadata API can. */
export function createDestination(migration: Migration): Promise<SchemaCreated> {
  return withClient(migration, (client) => createSchema(client, compiledPlan(migration)));
}

async function withClient<T>(
  migration: Migration,
  work: (client: SalesforceClient) => Promise<T>,
): Promise<T> {
  const client = await openClient({ ...clientOptions(migration), metrics: openMetrics() });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** Roles by name are the one thing a mapping writes that is a row of the org's own. */
function teamRolesOf({ mappingsFolder }: Migration): readonly string[] {
  const { mappings } = readMappings(mappingsFolder, []);
  const roles = mappings
    .filter(({ object }) => object === "CaseTeamMember")
    .flatMap(({ fields }) => {
      const { table } = (fields["TeamRoleId"] ?? {}) as { table?: Record<string, string> };
      return Object.values(table ?? {});
    });
  return [...new Set(roles)];
}
