/** A stack of a test's own: a temporary folder and ports nobody uses. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Listens on a free port below those the system hands out to outgoing connections, which a restart could collide with. */
export async function listen(): Promise<{ server: Server; port: number }> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const server = createServer();
  const isOurs = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port }, () => resolve(true));
  });
  return isOurs ? { server, port } : listen();
}

/** Options that collide with no other stack. */
export async function ownStack() {
  const [kafka, controller, registry] = [await listen(), await listen(), await listen()];
  for (const { server } of [kafka, controller, registry]) server.close();
  const folder = mkdtempSync(join(tmpdir(), "cutover-stack-"));
  const ports = {
    kafkaPort: kafka.port,
    controllerPort: controller.port,
    registryPort: registry.port,
  };
  return { folder, ...ports };
}

/** Every living process whose command line names the folder. */
export function processesOf(folder: string): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => commandLine(pid).includes(folder)).map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** Waits for a condition; what takes more than 200 s hangs. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 200_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not within 200 s: ${holds.toString()}`);
    await delay(50);
  }
}
