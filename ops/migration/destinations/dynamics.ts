import { join } from "node:path";
import { readMappings } from "../../../pipeline/mapping/mapping-file.ts";
import { type Metrics, openMetrics } from "../../../pipeline/stage/metrics.ts";
import type { ClientOptions, DynamicsClient } from "../../../sinks/dynamics/client.ts";
import type { CreateOptions } from "../../../sinks/dynamics/schema/options.ts";
import { secretOf } from "../secret-reference.ts";
import type { DestinationParts, SchemaParts } from "./destination.ts";
import { type DynamicsBlock, dynamicsBlock } from "./dynamics-block.ts";
import { editions } from "./rehearsed.ts";

/** An environment of Dynamics 365 Sales. */
export const dynamics: DestinationParts<typeof dynamicsBlock> = {
  block: dynamicsBlock,
  editions,
  publisherPrefix: (destination) => destination.publisher_prefix,
  async openSink(destination, { process, stateFolder, log, metrics }) {
    const { openDynamicsSink } = await import("../../../sinks/dynamics/dynamics-sink.ts");
    return openDynamicsSink({
      ...clientOptions(destination, metrics),
      detectDuplicates: destination.detect_duplicates,
      bypassLogic: destination.bypass_logic,
      bypassFlows: destination.bypass_flows,
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

function clientOptions(destination: DynamicsBlock, metrics: Metrics): ClientOptions {
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
  destination: DynamicsBlock,
  { compiled, mappingsFolder }: SchemaParts,
): Promise<CreateOptions> {
  const { tableSettings } = await import("../../../sinks/dynamics/schema/table-settings.ts");
  const { publisher_prefix: publisherPrefix } = destination;
  const { products, price_list: priceList } = compiled.settings;
  return {
    edition: compiled.settings.edition ?? "enterprise",
    publisherPrefix,
    tableSettings: tableSettings(readMappings(mappingsFolder, [], publisherPrefix).mappings),
    bypassPlugins: destination.bypass_logic !== "none",
    duplicateDetection: destination.detect_duplicates,
    ...(products === "catalogue" && priceList !== undefined ? { priceList } : {}),
    // On this machine keys are ready at once.
    ...(destination.allow_loopback ? { pollMs: 100 } : {}),
  };
}

async function withClient<T>(
  destination: DynamicsBlock,
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
