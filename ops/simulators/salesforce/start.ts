import { mkdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { virtualClock } from "../server/clock.ts";
import { faultsOf } from "../server/faults.ts";
import { listen } from "../server/listen.ts";
import type { ReadyLine } from "../server/ready.ts";
import { requestLog } from "../server/request-log.ts";
import { shellOf } from "../server/shell.ts";
import { adminRoutesOf } from "./admin/routes.ts";
import { addUsers, type NewUser } from "./admin/users.ts";
import { codesOf } from "./auth/authorization-code.ts";
import { credentialsOf } from "./auth/credentials.ts";
import { sessionsOf } from "./auth/sessions.ts";
import { signingKeyFile } from "./auth/signing-key.ts";
import { type Bulk, bulkOf } from "./bulk/bulk.ts";
import { requestFaults, workFaults } from "./fault-kinds.ts";
import { fileRoutes } from "./files/file-routes.ts";
import { openOrg } from "./org.ts";
import { appOf } from "./rest/app.ts";
import { changesRoutes } from "./rest/changes-routes.ts";
import { collectionRoutes } from "./rest/collections.ts";
import { describeRoutes } from "./rest/describe-routes.ts";
import { externalIdRoutes } from "./rest/external-id-routes.ts";
import { limitRoutes } from "./rest/limits.ts";
import { queryRoutes } from "./rest/query-routes.ts";
import { rowRoutes } from "./rest/row-routes.ts";
import { resourceRoute } from "./rest/versions.ts";
import { seedOrg } from "./seed.ts";
import type { LimitsModel } from "./store/processing-models.ts";

/** How a Salesforce simulator is started. */
export interface SalesforceOptions {
  readonly httpPort?: number;
  readonly httpsPort?: number;
  /** State; kept through a restart. */
  readonly folder: string;
  /** Order in which bulk results come back. */
  readonly seed?: number;
  readonly users?: readonly NewUser[];
  /** Times and quotas by name; counters count either way. What a restart finds stays without it. */
  readonly limits?: LimitsModel;
}

/** Starts the simulator and says how to reach it. */
export async function startSalesforce(
  options: SalesforceOptions,
): Promise<{ ready: ReadyLine; close(): Promise<void> }> {
  const { folder, httpPort = 0, httpsPort = 0 } = options;
  // Rows come and go by the hundred thousand: without this the young heap alone grows past 200 MB.
  setFlagsFromString("--optimize-for-size");
  mkdirSync(folder, { recursive: true });
  const log = requestLog();
  const struck = (kind: string): void => log.count(`fault_${kind}`);
  const faults = faultsOf({ work: workFaults, request: requestFaults, struck });
  let bulk: Bulk | undefined;
  const onMove = (offset: number): void => {
    org.settings.put("clock", String(offset));
    org.tidy();
    bulk?.purge();
  };
  const clock = virtualClock({ onMove });
  const org = openOrg(folder, { clock, faults, log });
  clock.advance(Number(org.settings.read("clock") ?? 0));
  changeSettings(org, options);
  const credentials = credentialsOf(org);
  seedOrg(org, credentials);
  addUsers(org, options.users ?? []);
  const signedIn = { org, credentials, sessions: sessionsOf(org) };
  const auth = { ...signedIn, codes: codesOf(signedIn) };
  bulk = bulkOf(org);
  const app = appOf(auth, [
    resourceRoute,
    ...limitRoutes,
    ...describeRoutes,
    ...queryRoutes(org),
    ...changesRoutes,
    ...fileRoutes,
    ...rowRoutes,
    ...collectionRoutes,
    ...bulk.routes,
    ...externalIdRoutes,
  ]);
  const adminRoutes = adminRoutesOf(org);
  const handler = shellOf({ clock, faults, log, adminRoutes, handle: app });
  const open = await listen(handler, { httpPort, httpsPort, folder });
  bulk.resume();
  const ready: ReadyLine = {
    simulator: "salesforce",
    http: open.http,
    https: open.https,
    ca_file: open.caFile,
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
    user: credentials.username,
    password: credentials.password,
    security_token: credentials.securityToken,
    jwt_key_file: await signingKeyFile(org),
    admin: `${open.http}/__simulator`,
  };
  const close = async (): Promise<void> => {
    await open.close();
    await bulk?.stop();
    org.close();
  };
  return { ready, close };
}

function changeSettings(org: ReturnType<typeof openOrg>, options: SalesforceOptions): void {
  org.settings.change({
    ...(options.seed === undefined ? {} : { shuffleSeed: options.seed }),
    ...(options.limits === undefined ? {} : { model: options.limits }),
  });
}
