/** What a local stack is made of, with the defaults, and what of it is already running. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { kafka } from "./kafka.ts";
import { registry } from "./registry.ts";
import { runningPid, type Service } from "./service.ts";
import { StackError } from "./stack-error.ts";

const project = resolve(import.meta.dirname, "../..");

/** Where set-up puts the Java programs. */
export const jars = join(project, "node_modules", ".cutover", "stack");

/** What a stack is made of; two stacks at the same time need different folders and different ports. */
export interface StackOptions {
  /** Holds data, logs and pid files. */
  readonly folder?: string;
  readonly kafkaPort?: number;
  readonly controllerPort?: number;
  readonly registryPort?: number;
  /** The process the stack runs for: once it is gone, the stack is stopped. Without it the stack stays until `stackDown`. */
  readonly ownedBy?: number;
  /** Told what is being waited for, one short line each. */
  readonly onProgress?: (line: string) => void;
}

/** The defaults of folder and ports. */
export const stackDefaults = {
  folder: join(project, ".cutover", "stack"),
  kafkaPort: 19_092,
  controllerPort: 19_093,
  registryPort: 18_081,
} as const satisfies StackOptions;

/** Folder and ports with nothing left open. */
export type Settings = Required<Omit<StackOptions, "ownedBy" | "onProgress">>;

/** Fills in the defaults; the folder becomes absolute, because services are recognised by it. */
export function settingsOf(options: StackOptions): Settings {
  return {
    folder: resolve(options.folder ?? stackDefaults.folder),
    kafkaPort: options.kafkaPort ?? stackDefaults.kafkaPort,
    controllerPort: options.controllerPort ?? stackDefaults.controllerPort,
    registryPort: options.registryPort ?? stackDefaults.registryPort,
  };
}

/** The two services in the order in which they depend on each other. */
export function servicesOf(settings: Settings): readonly [Service, Service] {
  return [kafka({ ...settings, jars }), registry({ ...settings, jars })];
}

const portsFile = (folder: string) => join(folder, "ports.json");
const portsOf = ({ kafkaPort, controllerPort, registryPort }: Settings) =>
  JSON.stringify({ kafkaPort, controllerPort, registryPort });

/** Notes the ports the services of the folder are started with. */
export function rememberPorts(settings: Settings): void {
  writeFileSync(portsFile(settings.folder), portsOf(settings));
}

/** Throws when the folder's stack already runs, but elsewhere than the caller expects it. */
export function requireSamePorts(settings: Settings): void {
  const { folder } = settings;
  const isRunning = servicesOf(settings).some(({ name }) => runningPid(folder, name) !== undefined);
  if (!isRunning || !existsSync(portsFile(folder))) return;
  const running = readFileSync(portsFile(folder), "utf8");
  if (running === portsOf(settings)) return;
  throw new StackError(
    "BUSY",
    `The stack in ${folder} runs on other ports (${running}): stop it first.`,
  );
}
