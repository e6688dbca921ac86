import { join } from "node:path";
import { openLog } from "../../pipeline/stage/log.ts";
import { openDynamicsSink } from "../../sinks/dynamics/dynamics-sink.ts";
import { createSchema } from "../../sinks/dynamics/schema/create-schema.ts";
import type { Sink } from "../../sinks/sink.ts";
import { addPublisher } from "../simulators/dataverse-metadata/definitions.ts";
import type { EnvironmentClient } from "../simulators/dataverse/environment-client.ts";
import { simulatedEnvironment } from "../sinks/dynamics/simulated-environment.ts";
import { dynamicsObjects, dynamicsSchema } from "./dynamics-objects.ts";
import { MigrationWorld } from "./migration-world.ts";

/** A simulated environment with the plan's tables. */
export interface DynamicsOrg {
  readonly raw: EnvironmentClient;
  readonly blobFolder: string;
  sink(): Promise<Sink>;
  /** Living rows of a table, as they stand. */
  rows(table: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  faults(...planned: readonly object[]): Promise<void>;
  /** How often a fault, or a kind of call, was counted. */
  counted(name: string): Promise<number>;
  close(): Promise<void>;
}

/** A migration into a simulated environment of Dynamics. */
export class DynamicsWorld extends MigrationWorld<DynamicsOrg> {
  constructor() {
    super(dynamicsObjects);
  }

  protected async openDestination(): Promise<DynamicsOrg> {
    const environment = await simulatedEnvironment({ limits: "off" });
    const { raw } = environment;
    await addPublisher(raw);
    await createSchema(await environment.client(), dynamicsSchema, {
      ...{ edition: "enterprise", publisherPrefix: "qd", pollMs: 20 },
    });
    const blobFolder = join(raw.folder, "blobs");
    return {
      raw,
      blobFolder,
      sink: () =>
        openDynamicsSink({
          ...environment.options(),
          ...{ publisherPrefix: "qd", blobFolder, log: openLog("sink") },
        }),
      async rows(table) {
        const { text } = await raw.admin("GET", `snapshot?object=${table}`);
        const lines = text.split("\n").filter((line) => line !== "");
        return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      },
      async faults(...planned) {
        const { status, text } = await raw.admin("POST", "faults", { seed: 7, faults: planned });
        if (status >= 300) throw new Error(text);
      },
      async counted(name) {
        const { json } = await raw.admin("GET", "counters");
        return Number(json[name] ?? 0);
      },
      close: () => environment.close(),
    };
  }

  protected sinkFacts() {
    const { raw, blobFolder } = this.org;
    const { http: url, tenant: tenantId, client_id: clientId, client_secret } = raw.ready;
    return {
      destination: "dynamics" as const,
      ...{ url, tenantId, tokenUrl: `${url}/${tenantId}/oauth2/v2.0/token` },
      ...{ clientId, clientSecret: client_secret, blobFolder, publisherPrefix: "qd" },
    };
  }
}
