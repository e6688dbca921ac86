import { writeSync } from "node:fs";
import { environment } from "./environment.ts";

const armed = new Map<string, number>();
for (const rule of (environment.fault.split(";")[0] ?? "").split(",")) {
  const match = /^([\w.]+):kill@(\d+)$/.exec(rule);
  if (match?.[1] && match[2]) armed.set(match[1], Number(match[2]));
}
const hits = new Map<string, number>();

/**
 * A named place where a test may end the process as `kill -9` would: `CUTOVER_FAULT=name:kill@3`
 * dies at the third passing; what stands behind a semicolon is for the process started after it. Does
 * nothing unless armed.
 */
export function failpoint(name: string): void {
  const at = armed.get(name);
  if (at === undefined) return;
  const count = (hits.get(name) ?? 0) + 1;
  hits.set(name, count);
  if (count !== at) return;
  writeSync(2, `${JSON.stringify({ event: "failpoint_hit", name, count, pid: process.pid })}\n`);
  // The native client's thread still sends what was produced: the worst moment for the protection.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  process.kill(process.pid, "SIGKILL");
}
