/**
 * Who the stack of a folder runs for. A rehearsal owns its stack, and when it is gone, even by SIGKILL, a watchdog stops
 * the stack; `stack up` keeps it until `stack down`.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, runningPid, writePid } from "./service.ts";

const ownersFolder = (folder: string) => join(folder, "owners");
const keepFile = (folder: string) => join(folder, "keep");

/** Field 22 of proc(5) `stat`: with it a pid that was given out again is not mistaken for the owner. */
function startOf(pid: number): string {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return fields[19] ?? "";
}

function isOwnerAlive(name: string): boolean {
  const [pid, start] = name.split("-");
  try {
    return isAlive(Number(pid)) && startOf(Number(pid)) === start;
  } catch {
    return false;
  }
}

/** The pids of the living processes the stack runs for. */
export function liveOwners(folder: string): number[] {
  if (!existsSync(ownersFolder(folder))) return [];
  const alive = readdirSync(ownersFolder(folder)).filter(isOwnerAlive);
  return alive.map((name) => Number(name.split("-")[0]));
}

/** True while somebody wants the stack to run: a living owner, or a person who said `stack up`. */
export function isWanted(folder: string): boolean {
  return existsSync(keepFile(folder)) || liveOwners(folder).length > 0;
}

/** Makes the stack outlive everybody until it is stopped. */
export function keep(folder: string): void {
  writeFileSync(keepFile(folder), "");
}

/** Ties the stack to a process and starts the watchdog. Call it before anything is started. */
export function addOwner(folder: string, pid: number): void {
  mkdirSync(ownersFolder(folder), { recursive: true });
  writeFileSync(join(ownersFolder(folder), `${pid}-${startOf(pid)}`), "");
  if (existsSync(keepFile(folder)) || runningPid(folder, "watchdog") !== undefined) return;
  const script = join(import.meta.dirname, "watchdog.sh");
  const stopOrphan = join(import.meta.dirname, "stop-orphan.ts");
  const args = [script, folder, process.execPath, stopOrphan];
  const watchdog = spawn("sh", args, { cwd: "/", detached: true, stdio: "ignore" });
  watchdog.unref();
  if (watchdog.pid !== undefined) writePid(folder, "watchdog", watchdog.pid);
}

/** Takes the process from the owners. */
export function removeOwner(folder: string, pid: number): void {
  rmSync(join(ownersFolder(folder), `${pid}-${startOf(pid)}`), { force: true });
}

/** Forgets everybody: the stack is being stopped. */
export function forgetOwners(folder: string): void {
  rmSync(ownersFolder(folder), { recursive: true, force: true });
  rmSync(keepFile(folder), { force: true });
}
