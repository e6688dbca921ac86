/** One background process of the local stack: started detached, found again by its pid file, stopped for good. */
import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StackError } from "./stack-error.ts";

/** What is needed to run one service. `folder` must stand in the command line: it is how the process is recognised. */
export interface Service {
  readonly name: string;
  readonly title: string;
  readonly folder: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** True once the service answers as a client would need it; never throws. */
  ready(): Promise<boolean>;
}

/** How long a start may take: 20 times what it takes on two idle cores, for a machine under load. */
const startDeadlineMs = 120_000;
/** Kafka flushes and closes its logs on SIGTERM; killing it earlier only costs the next start a recovery. */
const stopDeadlineMs = 20_000;
const pollIntervalMs = 100;

const pidFile = (folder: string, name: string) => join(folder, `${name}.pid`);

/** The file a service writes its output to. */
export const logFile = (folder: string, name: string) => join(folder, `${name}.log`);

/** True while the process exists and has not become a zombie. */
export function isAlive(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "")[0];
    return state !== "Z" && state !== "X";
  } catch {
    return false;
  }
}

/** The pid of the running service, or `undefined`; a pid that now belongs to another program does not count. */
export function runningPid(folder: string, name: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile(folder, name), "utf8"));
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return isAlive(pid) && commandLine.includes(folder) ? pid : undefined;
  } catch {
    return undefined; // no pid file, or nobody has that pid
  }
}

/** Notes which process the service is. */
export function writePid(folder: string, name: string, pid: number): void {
  writeFileSync(pidFile(folder, name), String(pid));
}

/** Starts the service in a session of its own, so that Ctrl-C of the caller's terminal does not reach it. */
export function launch(service: Service): number {
  const { folder, name, program, args } = service;
  const log = logFile(folder, name);
  if (existsSync(log)) renameSync(log, `${log}.1`);
  const output = openSync(log, "a");
  const env = { ...process.env, ...service.env };
  const child = spawn(program, args, {
    cwd: folder,
    detached: true,
    stdio: ["ignore", output, output],
    env,
  });
  closeSync(output);
  child.once("error", () => {}); // a program that cannot be started has no pid, which is reported below
  child.unref();
  if (child.pid === undefined) throw new StackError("START_FAILED", `${program} could not be run.`);
  writePid(folder, name, child.pid);
  return child.pid;
}

/** Waits until the service answers; throws with the end of its log when it dies or takes too long. */
export async function untilReady(service: Service, pid: number): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  while (!(await service.ready())) {
    if (!isAlive(pid)) throw failed(service, "stopped while starting");
    if (Date.now() > deadline)
      throw failed(service, `was not ready after ${startDeadlineMs / 1000} s`);
    await delay(pollIntervalMs);
  }
}

function failed(service: Service, what: string): StackError {
  const log = logFile(service.folder, service.name);
  const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-8);
  return new StackError(
    "START_FAILED",
    `${service.title} ${what}. The end of ${log}:\n${lines.join("\n")}`,
  );
}

/** Stops the service, by force when it does not end in time, and forgets its pid. */
export async function stop(folder: string, name: string): Promise<void> {
  const pid = runningPid(folder, name);
  if (pid !== undefined) {
    signal(pid, "SIGTERM");
    if (!(await hasEnded(pid, stopDeadlineMs))) signal(pid, "SIGKILL");
    await hasEnded(pid, stopDeadlineMs);
  }
  rmSync(pidFile(folder, name), { force: true });
}

async function hasEnded(pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await delay(pollIntervalMs);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it ended by itself between the look and the signal
  }
}
