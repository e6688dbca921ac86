import { openMetrics, type Metrics } from "../../../pipeline/stage/metrics.ts";
import { Secret } from "../../../pipeline/stage/secret.ts";
import {
  type ApplicationUser,
  type ClientOptions,
  type DynamicsClient,
  openClient,
} from "../../../sinks/dynamics/client.ts";
import {
  type EnvironmentClient,
  openEnvironmentClient,
} from "../../simulators/dataverse/environment-client.ts";

/** A Dataverse simulator, raw calls to it, and our own door to it. */
export interface SimulatedEnvironment {
  readonly raw: EnvironmentClient;
  readonly metrics: Metrics;
  /** What opens the simulator as our user. */
  options(own?: Partial<ClientOptions>): ClientOptions;
  /** Opened with `options`; it ends with the environment. */
  client(own?: Partial<ClientOptions>): Promise<DynamicsClient>;
  /** Another application user. */
  user(): Promise<ApplicationUser>;
  /** How many calls of a kind had a status. */
  calls(api: string, status: string): Promise<number>;
  waitedSeconds(): Promise<number>;
  close(): Promise<void>;
}

/** Starts one; limits are enforced as the published ones unless said. */
export async function simulatedEnvironment(
  start: Parameters<typeof openEnvironmentClient>[0] = {},
): Promise<SimulatedEnvironment> {
  const raw = await openEnvironmentClient(start);
  const metrics = openMetrics();
  const opened: DynamicsClient[] = [];
  const options = (own: Partial<ClientOptions> = {}): ClientOptions => ({
    url: raw.ready.http,
    tenantId: raw.ready.tenant,
    tokenUrl: `${raw.ready.http}/${raw.ready.tenant}/oauth2/v2.0/token`,
    users: [{ clientId: raw.ready.client_id, clientSecret: new Secret(raw.ready.client_secret) }],
    allowLoopback: true,
    timeoutMs: 5000,
    metrics,
    ...own,
  });
  const valueOf = async (name: string, labels: Record<string, string>): Promise<number> => {
    const { values } = (await metrics.registry.getSingleMetric(name)?.get()) ?? { values: [] };
    const wanted = Object.entries(labels);
    const fits = values.filter((each) =>
      wanted.every(([label, value]) => (each.labels as Record<string, unknown>)[label] === value),
    );
    return fits.reduce((sum, { value }) => sum + value, 0);
  };
  return {
    raw,
    metrics,
    options,
    async client(own) {
      const client = await openClient(options(own));
      opened.push(client);
      return client;
    },
    async user() {
      const email = `app${Math.random()}@x.example`;
      const { json } = await raw.admin("POST", "users", { users: [{ email, application: true }] });
      const [{ client_id: clientId, client_secret: secret }] = json.users;
      return { clientId, clientSecret: new Secret(secret) };
    },
    calls: (api, status) => valueOf("cutover_calls_total", { api, status }),
    waitedSeconds: () => valueOf("cutover_throttle_wait_seconds_total", {}),
    async close() {
      for (const client of opened) await client.close();
      await raw.close();
    },
  };
}
