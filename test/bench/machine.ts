import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";

/** The machine as it was before the measurement. */
export function machine(): object {
  return {
    cores: availableParallelism(),
    loadBefore: loadavg()[0],
    node: process.version,
    at: new Date().toISOString(),
  };
}

/** CPU seconds a process has used so far, user and system, by the kernel's account. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** How many times the least a value is. */
export function ratio(value: number, least: number): number {
  return Number((value / least).toFixed(3));
}
