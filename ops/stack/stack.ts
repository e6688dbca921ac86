/** The local stack: Kafka and a schema registry as background processes that outlive the caller. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { formatKafka } from "./kafka.ts";
import { alone } from "./lock.ts";
import { addOwner, forgetOwners, isWanted, keep, removeOwner } from "./owners.ts";
import { requireFreeSpace } from "./disk.ts";
import { requireFreePort } from "./ports.ts";
import { registryUrl } from "./registry.ts";
import { isAlive, launch, runningPid, stop, untilReady } from "./service.ts";
import {
  jars,
  rememberPorts,
  requireSamePorts,
  type Settings,
  type StackOptions,
  servicesOf,
  settingsOf,
} from "./settings.ts";
import { StackError } from "./stack-error.ts";

export { stackStatus } from "./status.ts";

/** How a client reaches the stack. */
export interface StackAddresses {
  readonly brokers: string;
  readonly registry: string;
}

/** Starts what is not running and returns when both services answer; a running stack is left as it is. */
export async function stackUp(options: StackOptions = {}): Promise<StackAddresses> {
  const settings = settingsOf(options);
  const { folder, kafkaPort, registryPort } = settings;
  if (!existsSync(join(jars, "registry"))) {
    throw new StackError(
      "SETUP_MISSING",
      "The local stack is not installed: run ops/setup/ensure.sh.",
    );
  }
  mkdirSync(folder, { recursive: true });
  await alone(folder, async () => {
    requireSamePorts(settings);
    // The owner first, so that one killed half-way leaves nothing behind.
    if (options.ownedBy !== undefined) addOwner(folder, options.ownedBy);
    await start(settings, options.onProgress ?? (() => {}));
    if (options.ownedBy === undefined) keep(folder);
  });
  return { brokers: `127.0.0.1:${kafkaPort}`, registry: registryUrl(registryPort) };
}

/** Both are launched before either is waited for: the registry starts slowly and then waits for Kafka by itself. */
async function start(settings: Settings, tell: (line: string) => void): Promise<void> {
  const [broker, schemas] = servicesOf(settings);
  const found = [broker, schemas].map(({ folder, name }) => runningPid(folder, name));
  const [brokerFound, schemasFound] = found;
  if (schemasFound === undefined) {
    await requireFreePort(settings.registryPort, "the schema registry", "--registry-port");
  }
  if (brokerFound === undefined) await prepareKafka(settings);
  const brokerPid = brokerFound ?? launch(broker);
  const schemasPid = schemasFound ?? launch(schemas);
  rememberPorts(settings);
  try {
    tell("waiting for Kafka");
    await untilReady(broker, brokerPid);
    tell("waiting for the schema registry");
    await untilReady(schemas, schemasPid);
  } catch (error) {
    // A process just killed still looks alive for some milliseconds: what was found running and then ended is started.
    if (found.every((pid) => pid === undefined || isAlive(pid))) throw error;
    await start(settings, tell);
  }
}

async function prepareKafka(settings: Settings): Promise<void> {
  await requireFreePort(settings.kafkaPort, "Kafka", "--kafka-port");
  await requireFreePort(settings.controllerPort, "Kafka's controller", "--controller-port");
  await requireFreeSpace(settings.folder);
  await formatKafka({ ...settings, jars });
}

/** Stops the stack; its data stays. Safe to call when nothing runs. */
export async function stackDown(options: StackOptions = {}): Promise<void> {
  const { folder } = settingsOf(options);
  if (existsSync(folder)) await alone(folder, () => halt(folder));
}

/** Ends one process's claim, and stops the stack when nobody else wants it. */
export async function stackRelease(options: StackOptions & { ownedBy: number }): Promise<void> {
  const { folder } = settingsOf(options);
  removeOwner(folder, options.ownedBy);
  await stackReap(folder);
}

/** Stops the stack unless somebody wants it; answers whether it was stopped. */
export async function stackReap(folder: string): Promise<boolean> {
  return alone(folder, async () => {
    if (isWanted(folder)) return false;
    await halt(folder);
    return true;
  });
}

async function halt(folder: string): Promise<void> {
  forgetOwners(folder);
  await stop(folder, "watchdog");
  await stop(folder, "registry"); // it writes to Kafka, so it goes first
  await stop(folder, "kafka");
}
