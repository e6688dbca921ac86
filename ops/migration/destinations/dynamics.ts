import { join } from "node:path";
import { z } from "zod";
import { readMappings } from "../../../pipeline/mapping/mapping-file.ts";
import { type Metrics, openMetrics } from "../../../pipeline/stage/metrics.ts";
import type { ClientOptions, DynamicsClient } from "../../../sinks/dynamics/client.ts";
import type { CreateOptions } from "../../../sinks/dynamics/schema/options.ts";
import { secretOf, secretText } from "../secret-reference.ts";
import type { DestinationParts, SchemaParts } from "./destination.ts";
import { editions } from "./rehearsed.ts";

const application = { client_id: secretText, client_secret: secretText };

const block = z.strictObject({
  kind: z.literal("dynamics"),
  url: z.url().describe("The environment's address: https://<name>.crm.dynamics.com."),
  tenant_id: z.string().min(1).describe("The directory the application users belong to."),
  token_url: z
    .url()
    .optional()
    .describe("Where tokens are given, where it is not the vendor's address for the tenant."),
  ...application,
  users: z
    .array(z.strictObject(application))
    .default([])
    .describe("Further application users, each with service protection limits of its own."),
  publisher_prefix: z
    .string()
    .regex(/^(?!mscrm)[a-z][a-z0-9]{1,7}$/, "two to eight lower-case letters and digits")
    .default("qd")
    .describe("What the names of our tables and columns begin with."),
  detect_duplicates: z
    .boolean()
    .default(false)
    .describe("Whether the environment's duplicate detection rules hold for our rows."),
  bypass_plugins: z
    .boolean()
    .default(false)
    .describe("Whether synchronous plug-ins pass our rows by; takes a privilege."),
  allow_loopback: z
    .boolean()
    .default(false)
    .describe("Plain http to this machine: for rehearsals only; reports say so."),
  timeout_seconds: z.number().int().min(1).max(600).default(120),
});

type Block = z.infer<typeof block>;

/** An environment of Dynamics 365 Sales. */
export const dynamics: DestinationParts<typeof block> = {
  block,
  editions,
  publisherPrefix: (destination) => destination.publisher_prefix,
  async openSink(destination, { process, stateFolder, log, metrics }) {
    const { openDynamicsSink } = await import("../../../sinks/dynamics/dynamics-sink.ts");
    return openDynamicsSink({
      ...clientOptions(destination, metrics),
      detectDuplicates: destination.detect_duplicates,
      bypassLogic: destination.bypass_plugins ? "sync" : "none",
      publisherPrefix: destination.publisher_prefix,
      blobFolder: join(stateFolder, "blobs"),
      ...(process === "observer"
        ? { digestFile: join(stateFolder, "observer", "files.sqlite") }
        : {}),
      log,
    });
  },
  canonical: async () => (await import("../../../sinks/dynamics/canonical.ts")).canonical,
  async schemaFindings(destination, parts) {
    const { checkSchema } = await import("../../../sinks/dynamics/schema/check-schema.ts");
    const options = await schemaOptions(destination, parts);
    return withClient(destination, (client) => checkSchema(client, parts.compiled, options));
  },
  async createSchema(destination, parts) {
    const { createSchema } = await import("../../../sinks/dynamics/schema/create-schema.ts");
    const options = await schemaOptions(destination, parts);
    return withClient(destination, (client) => createSchema(client, parts.compiled, options));
  },
  async actAsAdmin(destination) {
    const name = destination.publisher_prefix;
    const body = JSON.stringify({
      ...{ uniquename: name, friendlyname: "Cutover", customizationprefix: name },
      customizationoptionvalueprefix: 24_000,
    });
    await withClient(destination, (client) =>
      client.call({ api: "publisher", method: "POST", path: "publishers", body, write: true }),
    );
  },
  rehearsed: {
    simulator: "dataverse",
    simulatorArguments: ({ seed, edition = "enterprise" }) => [
      ...["--seed", String(seed)],
      ...["--tier", edition],
    ],
    environment: ({ client_id, client_secret }) => ({
      DYNAMICS_CLIENT_ID: client_id,
      DYNAMICS_CLIENT_SECRET: client_secret,
    }),
    block: ({ http, tenant = "" }) => ({
      kind: "dynamics",
      url: http,
      tenant_id: tenant,
      token_url: `${http}/${tenant}/oauth2/v2.0/token`,
      client_id: "${DYNAMICS_CLIENT_ID}",
      client_secret: "${DYNAMICS_CLIENT_SECRET}",
      allow_loopback: true,
      // A lost reply is an unknown for this long; a simulator on this machine answers at once.
      timeout_seconds: 10,
    }),
    drift: (edition) =>
      edition === "professional"
        ? [
            { object: "opportunity", entity: "job", field: "name" },
            { object: "opportunityproduct", entity: "line_item", field: null },
          ]
        : [
            { object: "qd_serviceorder", entity: "job", field: "qd_name" },
            { object: "qd_serviceline", entity: "line_item", field: null },
          ],
  },
};

function clientOptions(destination: Block, metrics: Metrics): ClientOptions {
  const user = (one: { readonly client_id: string; readonly client_secret: string }) => ({
    clientId: secretOf(one.client_id).reveal(),
    clientSecret: secretOf(one.client_secret),
  });
  return {
    url: destination.url,
    tenantId: destination.tenant_id,
    ...(destination.token_url === undefined ? {} : { tokenUrl: destination.token_url }),
    users: [user(destination), ...destination.users.map(user)],
    allowLoopback: destination.allow_loopback,
    timeoutMs: destination.timeout_seconds * 1000,
    metrics,
  };
}

async function schemaOptions(
  destination: Block,
  { compiled, mappingsFolder }: SchemaParts,
): Promise<CreateOptions> {
  const { tableSettings } = await import("../../../sinks/dynamics/schema/table-settings.ts");
  const { publisher_prefix: publisherPrefix } = destination;
  return {
    edition: compiled.settings.edition ?? "enterprise",
    publisherPrefix,
    tableSettings: tableSettings(readMappings(mappingsFolder, [], publisherPrefix).mappings),
    bypassPlugins: destination.bypass_plugins,
    duplicateDetection: destination.detect_duplicates,
    // On this machine keys are ready at once.
    ...(destination.allow_loopback ? { pollMs: 100 } : {}),
  };
}

async function withClient<T>(
  destination: Block,
  work: (client: DynamicsClient) => Promise<T>,
): Promise<T> {
  const { openClient } = await import("../../../sinks/dynamics/client.ts");
  const client = await openClient(clientOptions(destination, openMetrics()));
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
