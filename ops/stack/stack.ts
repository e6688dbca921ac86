/** The local stack: Kafka and a schema registry as background processes that outlive the caller. */
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { formatKafka, kafka } from "./kafka.ts";
import { requireFreePort } from "./ports.ts";
import { registry, registryUrl } from "./registry.ts";
import { launch, runningPid, type Service, stop, untilReady } from "./service.ts";
import { StackError } from "./stack-error.ts";

const project = resolve(import.meta.dirname, "../..");

/** What a stack is made of; two stacks need different folders and different ports. */
export interface StackOptions {
  /** Holds data, logs and pid files. */
  readonly folder?: string;
  readonly kafkaPort?: number;
  readonly controllerPort?: number;
  readonly registryPort?: number;
}

/** How a client reaches the stack. */
export interface StackAddresses {
  readonly brokers: string;
  readonly registry: string;
}

/** The defaults of every stack option. */
export const stackDefaults = {
  folder: join(project, ".cutover", "stack"),
  kafkaPort: 19_092,
  controllerPort: 19_093,
  registryPort: 18_081,
} as const satisfies StackOptions;

type Settings = Required<Omit<StackOptions, never>> & { readonly jars: string };

function settingsOf(options: StackOptions): Settings {
  const settings = {
    ...stackDefaults,
    ...options,
    jars: join(project, "node_modules/.cutover/stack"),
  };
  return { ...settings, folder: resolve(settings.folder) };
}

/** Starts what is not running yet and returns when both services answer; a running stack is left as it is. */
export async function stackUp(options: StackOptions = {}): Promise<StackAddresses> {
  const settings = settingsOf(options);
  if (!existsSync(join(settings.jars, "registry"))) {
    throw new StackError(
      "SETUP_MISSING",
      "The local stack is not installed: run ops/setup/ensure.sh.",
    );
  }
  mkdirSync(settings.folder, { recursive: true });
  await startKafka(settings);
  await startRegistry(settings);
  return addressesOf(settings);
}

async function startKafka(settings: Settings): Promise<void> {
  const service = kafka(settings);
  let pid = runningPid(settings.folder, service.name);
  if (pid === undefined) {
    await requireFreePort(settings.kafkaPort, "Kafka", "kafkaPort");
    await requireFreePort(settings.controllerPort, "Kafka's controller", "controllerPort");
    await formatKafka(settings);
    pid = launch(service);
  }
  await untilReady(service, pid);
}

async function startRegistry(settings: Settings): Promise<void> {
  const service: Service = registry(settings);
  let pid = runningPid(settings.folder, service.name);
  if (pid === undefined) {
    await requireFreePort(settings.registryPort, "the schema registry", "registryPort");
    pid = launch(service);
  }
  await untilReady(service, pid);
}

function addressesOf({ kafkaPort, registryPort }: Settings): StackAddresses {
  return { brokers: `127.0.0.1:${kafkaPort}`, registry: registryUrl(registryPort) };
}

/** Stops the stack; its data stays. Safe to call when nothing runs. */
export async function stackDown(options: StackOptions = {}): Promise<void> {
  const { folder } = settingsOf(options);
  await stop(folder, "registry"); // it writes to Kafka, so it goes first
  await stop(folder, "kafka");
}
