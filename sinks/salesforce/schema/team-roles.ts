import type { SalesforceClient } from "../salesforce-client.ts";
import { soqlPages } from "../soql-pages.ts";
import type { SchemaFinding } from "./finding.ts";

/** Case team roles the mapping names and the org does not have. */
export async function missingRoles(
  client: SalesforceClient,
  wanted: readonly string[],
): Promise<SchemaFinding[]> {
  const names = new Set<string>();
  for await (const page of soqlPages(client, "SELECT Name FROM CaseTeamRole")) {
    for (const row of page) names.add(String(row["Name"]));
  }
  return wanted
    .filter((role) => !names.has(role))
    .map((role) => ({
      problem: "role_missing",
      ...{ object: "CaseTeamRole", field: "Name", creatable: false },
      expected: role,
      found: [...names].join(", ") || "no roles",
      remedy: `create the case team role ${role} in Setup, or change the mapping's table`,
    }));
}
