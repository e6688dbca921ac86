import type { SalesforceClient } from "../salesforce-client.ts";
import { soqlPages } from "../soql-pages.ts";

/** Assigns a permission set to our own user, once. */
export async function grantToUs(client: SalesforceClient, name: string): Promise<void> {
  const [set] = await rows(client, `SELECT Id FROM PermissionSet WHERE Name = '${name}'`);
  const AssigneeId = client.userId;
  const PermissionSetId = String(set?.["Id"]);
  const where = `AssigneeId = '${AssigneeId}' AND PermissionSetId = '${PermissionSetId}'`;
  const known = await rows(client, `SELECT Id FROM PermissionSetAssignment WHERE ${where}`);
  if (known.length > 0) return;
  await client.call({
    ...{ api: "permission", method: "POST", write: true, path: "sobjects/PermissionSetAssignment" },
    body: JSON.stringify({ AssigneeId, PermissionSetId }),
  });
}

async function rows(client: SalesforceClient, soql: string) {
  const found: Readonly<Record<string, unknown>>[] = [];
  for await (const page of soqlPages(client, soql)) found.push(...page);
  return found;
}
