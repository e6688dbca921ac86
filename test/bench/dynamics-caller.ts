import type { RunningSimulator } from "../../ops/migration/simulator.ts";

/** Calls an environment by plain HTTP as its application user. */
export interface DynamicsCaller {
  get<T>(path: string, prefer?: string): Promise<T>;
  post(path: string, body: string): Promise<void>;
}

/** Signs in. */
export async function dynamicsCaller(simulator: RunningSimulator): Promise<DynamicsCaller> {
  const { http, tenant, client_id, client_secret } = simulator;
  const reply = await fetch(`${http}/${tenant}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      ...{ grant_type: "client_credentials", client_id, client_secret },
      scope: `${http}/.default`,
    }),
  });
  const { access_token: token } = (await reply.json()) as { access_token: string };
  const call = async (method: string, path: string, more: RequestInit, prefer?: string) => {
    const address = path.startsWith("http") ? path : `${http}/api/data/v9.2/${path}`;
    const answer = await fetch(address, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        ...(prefer === undefined ? {} : { prefer }),
      },
      ...more,
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  return {
    get: async <T>(path: string, prefer?: string) =>
      (await (await call("GET", path, {}, prefer)).json()) as T,
    async post(path, body) {
      await (await call("POST", path, { body })).arrayBuffer();
    },
  };
}
