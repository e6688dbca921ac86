import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ReadyLine } from "../../ops/simulators/server/ready.ts";

/** A simulator started as a user starts it, by the command line. */
export interface Simulator {
  readonly ready: ReadyLine;
  /** The ready line as it came: all a stranger is told. */
  readonly line: string;
  close(): Promise<void>;
}

/** Starts `cutover simulators NAME` on free ports with a state of its own. */
export async function startSimulator(
  name: "salesforce" | "dataverse" = "salesforce",
): Promise<Simulator> {
  const folder = mkdtempSync(join(tmpdir(), "strangers-"));
  const main = join(import.meta.dirname, "../../ops/cli/main.ts");
  const args = [main, "simulators", name, "--folder", folder, "--owned"];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, "line"), ended.then(() => undefined)]);
  if (first === undefined) throw new Error("The simulator ended before it was ready.");
  const line = String(first[0]);
  return {
    ready: JSON.parse(line) as ReadyLine,
    line,
    async close() {
      child.stdin.end();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Gives an org an external id on Account, for strangers that cannot make fields themselves. */
export async function addAccountKey({ ready }: Simulator, name: string): Promise<void> {
  const field = { name, type: "Text", length: 40, externalId: true, unique: true };
  const body = JSON.stringify({ objects: [{ name: "Account", fields: [field] }] });
  const reply = await fetch(`${ready.admin}/schema`, { method: "POST", body });
  if (!reply.ok) throw new Error(`The schema order was answered ${reply.status}.`);
}
