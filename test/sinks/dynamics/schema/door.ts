import { openMetrics } from "../../../../pipeline/stage/metrics.ts";
import { Secret } from "../../../../pipeline/stage/secret.ts";
import { type DynamicsClient, openClient } from "../../../../sinks/dynamics/client.ts";
import {
  type EnvironmentClient,
  openEnvironmentClient,
} from "../../../simulators/dataverse/environment-client.ts";

/** A simulated environment and our door to it. */
export interface Door {
  readonly environment: EnvironmentClient;
  readonly client: DynamicsClient;
  /** Calls as `POST EntityDefinitions`, in their order. */
  readonly calls: string[];
  /** How often an answer had this status, a second attempt's counted for itself. */
  answered(status: number): Promise<number>;
  close(): Promise<void>;
}

/** Opens both. */
export async function openDoor(
  options: Parameters<typeof openEnvironmentClient>[0] = {},
): Promise<Door> {
  const environment = await openEnvironmentClient({ limits: "off", ...options });
  const { http, tenant, client_id, client_secret } = environment.ready;
  const metrics = openMetrics();
  const client = await openClient({
    ...{ url: http, tenantId: tenant, tokenUrl: `${http}/${tenant}/oauth2/v2.0/token` },
    users: [{ clientId: client_id, clientSecret: new Secret(client_secret) }],
    ...{ allowLoopback: true, timeoutMs: 20_000, metrics },
  });
  const calls: string[] = [];
  const noted: DynamicsClient = Object.create(client, {
    call: {
      value: (call: Parameters<DynamicsClient["call"]>[0]) => {
        calls.push(`${call.method} ${call.path}`);
        return client.call(call);
      },
    },
  });
  return {
    ...{ environment, client: noted, calls },
    async answered(status) {
      const { values } = await metrics.calls.get();
      const those = values.filter(({ labels }) => labels.status === String(status));
      return those.reduce((sum, { value }) => sum + value, 0);
    },
    async close() {
      await client.close();
      await environment.close();
    },
  };
}
