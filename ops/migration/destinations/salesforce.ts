import { join } from "node:path";
import { z } from "zod";
import { readMappings } from "../../../pipeline/mapping/mapping-file.ts";
import { openMetrics } from "../../../pipeline/stage/metrics.ts";
import type { SalesforceClient } from "../../../sinks/salesforce/salesforce-client.ts";
import { secretOf, secretText } from "../secret-reference.ts";
import type { DestinationParts } from "./destination.ts";

const block = z.strictObject({
  kind: z.literal("salesforce"),
  login_url: z.url(),
  client_id: secretText,
  client_secret: secretText,
  api_version: z
    .string()
    .regex(/^\d\d\.0$/)
    .default("62.0"),
  allow_loopback: z
    .boolean()
    .default(false)
    .describe("Plain http to this machine: for rehearsals only; reports say so."),
  timeout_seconds: z.number().int().min(1).max(600).default(60),
  save_duplicates: z
    .boolean()
    .default(true)
    .describe("Duplicate rules that only alert let our rows through; those that block never do."),
});

type Block = z.infer<typeof block>;

/** An org of Salesforce. */
export const salesforce: DestinationParts<typeof block> = {
  block,
  editions: [],
  async openSink(destination, { process, stateFolder, ...parts }) {
    const { openSalesforceSink } = await import("../../../sinks/salesforce/salesforce-sink.ts");
    return openSalesforceSink({
      ...clientOptions(destination),
      saveDuplicates: destination.save_duplicates,
      spoolFolder: join(stateFolder, "uploads"),
      blobFolder: join(stateFolder, "blobs"),
      ...(process === "observer"
        ? { digestFile: join(stateFolder, "observer", "files.sqlite") }
        : {}),
      ...parts,
    });
  },
  publisherPrefix: () => undefined,
  canonical: async () => (await import("../../../sinks/canonical.ts")).canonical,
  async schemaFindings(destination, { compiled, mappingsFolder }) {
    const { checkSchema } = await import("../../../sinks/salesforce/schema/check-schema.ts");
    const teamRoles = teamRolesOf(mappingsFolder);
    return withClient(destination, (client) => checkSchema(client, compiled, { teamRoles }));
  },
  async createSchema(destination, { compiled }) {
    const { createSchema } = await import("../../../sinks/salesforce/schema/create-schema.ts");
    return withClient(destination, (client) => createSchema(client, compiled));
  },
  actAsAdmin: async () => {},
  rehearsed: {
    simulator: "salesforce",
    simulatorArguments: ({ seed }) => ["--seed", String(seed)],
    environment: ({ client_id, client_secret }) => ({
      SF_CLIENT_ID: client_id,
      SF_CLIENT_SECRET: client_secret,
    }),
    block: ({ http }) => ({
      kind: "salesforce",
      login_url: http,
      client_id: "${SF_CLIENT_ID}",
      client_secret: "${SF_CLIENT_SECRET}",
      allow_loopback: true,
      // A lost reply is an unknown for this long; a simulator on this machine answers at once.
      timeout_seconds: 10,
    }),
    drift: () => [
      { object: "Case", entity: "job", field: "Subject" },
      { object: "Work_Order_Line_Item__c", entity: "line_item", field: null },
    ],
  },
};

function clientOptions(destination: Block) {
  return {
    loginUrl: destination.login_url,
    clientId: secretOf(destination.client_id).reveal(),
    clientSecret: secretOf(destination.client_secret),
    apiVersion: destination.api_version,
    allowLoopback: destination.allow_loopback,
    timeoutMs: destination.timeout_seconds * 1000,
  };
}

async function withClient<T>(
  destination: Block,
  work: (client: SalesforceClient) => Promise<T>,
): Promise<T> {
  const { openClient } = await import("../../../sinks/salesforce/client.ts");
  const client = await openClient({ ...clientOptions(destination), metrics: openMetrics() });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** Roles by name are the one thing a mapping writes that is a row of the org's own. */
function teamRolesOf(mappingsFolder: string): readonly string[] {
  const { mappings } = readMappings(mappingsFolder, []);
  const roles = mappings
    .filter(({ object }) => object === "CaseTeamMember")
    .flatMap(({ fields }) => {
      const { table } = (fields["TeamRoleId"] ?? {}) as { table?: Record<string, string> };
      return Object.values(table ?? {});
    });
  return [...new Set(roles)];
}
