/** What the local stack is doing. */
import { liveOwners } from "./owners.ts";
import { registryUrl } from "./registry.ts";
import { logFile, runningPid, type Service } from "./service.ts";
import { type StackOptions, servicesOf, settingsOf } from "./settings.ts";

/** What one service is doing. */
export interface ServiceStatus {
  readonly name: string;
  readonly state: "up" | "not ready" | "down";
  readonly pid?: number;
  readonly address: string;
  readonly log: string;
}

/** The services, and the processes the stack runs for. */
export interface StackStatus {
  readonly services: readonly ServiceStatus[];
  readonly owners: readonly number[];
}

/** Says what runs, without changing anything. */
export async function stackStatus(options: StackOptions = {}): Promise<StackStatus> {
  const settings = settingsOf(options);
  const [broker, schemas] = servicesOf(settings);
  const services = await Promise.all([
    statusOf(broker, `127.0.0.1:${settings.kafkaPort}`),
    statusOf(schemas, registryUrl(settings.registryPort)),
  ]);
  return { services, owners: liveOwners(settings.folder) };
}

async function statusOf(service: Service, address: string): Promise<ServiceStatus> {
  const { folder, name } = service;
  const about = { name, address, log: logFile(folder, name) };
  const pid = runningPid(folder, name);
  if (pid === undefined) return { ...about, state: "down" };
  return { ...about, pid, state: (await service.ready()) ? "up" : "not ready" };
}
