import { mkdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { virtualClock } from "../server/clock.ts";
import { faultsOf } from "../server/faults.ts";
import { listen } from "../server/listen.ts";
import type { ClientReady } from "../server/ready.ts";
import { requestLog } from "../server/request-log.ts";
import { shellOf } from "../server/shell.ts";
import { adminRoutesOf } from "./admin/routes.ts";
import { addUsers, type NewUser } from "./admin/users.ts";
import { tenantOf } from "./auth/credentials.ts";
import { tokensOf } from "./auth/tokens.ts";
import { openEnvironment } from "./environment.ts";
import { requestFaults, workFaults } from "./fault-kinds.ts";
import { serviceProtectionOf } from "./limits/service-protection.ts";
import { metadataExtension } from "./metadata/extension.ts";
import type { LimitsModel } from "./rows/settings.ts";
import { seedEnvironment } from "./seed.ts";
import { serviceResources } from "./service/service-resources.ts";
import { tablesExtension } from "./tables/extension.ts";
import { appOf } from "./web/app.ts";

/** How a Dataverse simulator is started. */
export interface DataverseOptions {
  readonly httpPort?: number;
  readonly httpsPort?: number;
  /** State; kept through a restart. */
  readonly folder: string;
  readonly users?: readonly NewUser[];
  /** Limits and times by name; counters count either way. What a restart finds stays without it. */
  readonly limits?: LimitsModel;
  /** `professional` refuses the sixteenth custom table. */
  readonly tier?: "enterprise" | "professional";
}

/** How to reach a Dataverse simulator. */
export interface DataverseReady extends ClientReady {
  /** The id of the tenant: `<https>/<tenant>` is the authority that gives tokens. */
  readonly tenant: string;
}

/** Starts the simulator and says how to reach it. */
export async function startDataverse(
  options: DataverseOptions,
): Promise<{ ready: DataverseReady; close(): Promise<void> }> {
  const { folder, httpPort = 0, httpsPort = 0 } = options;
  // Rows come and go by the hundred thousand: without this the young heap alone grows past 200 MB.
  setFlagsFromString("--optimize-for-size");
  mkdirSync(folder, { recursive: true });
  const log = requestLog();
  const struck = (kind: string): void => log.count(`fault_${kind}`);
  const faults = faultsOf({ work: workFaults, request: requestFaults, struck });
  const clock = virtualClock({ onMove: (offset) => env.settings.put("clock", String(offset)) });
  const extensions = [tablesExtension, metadataExtension];
  const env = openEnvironment(folder, {
    clock,
    faults,
    log,
    extensions,
    resources: serviceResources,
  });
  clock.advance(Number(env.settings.read("clock") ?? 0));
  if (options.limits !== undefined) env.settings.change({ model: options.limits });
  if (options.tier !== undefined) env.settings.change({ tier: options.tier });
  const tenant = tenantOf(env);
  const seeded = seedEnvironment(env, tenant, extensions);
  addUsers({ env, tenant, seeded }, options.users ?? []);
  const handle = appOf({
    env,
    tenant,
    tokens: tokensOf(env),
    limits: serviceProtectionOf(env),
    extensions,
  });
  const adminRoutes = adminRoutesOf({ env, tenant, seeded });
  const open = await listen(shellOf({ clock, faults, log, adminRoutes, handle }), {
    httpPort,
    httpsPort,
    folder,
  });
  const client = env.settings.read("client") ?? "";
  const ready: DataverseReady = {
    simulator: "dataverse",
    http: open.http,
    https: open.https,
    ca_file: open.caFile,
    tenant: tenant.id,
    client_id: client,
    client_secret: tenant.find(client)?.secret ?? "",
    admin: `${open.http}/__simulator`,
  };
  const close = async (): Promise<void> => {
    await open.close();
    env.close();
  };
  return { ready, close };
}
