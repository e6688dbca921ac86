import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";

/** How a stage ends that has so long, and waits so long, once it is told to stop. */
async function end(withinMs: number, waitMs: number): Promise<{ end: unknown; log: string }> {
  const file = join(import.meta.dirname, "undrained-child.ts");
  const child = spawn(process.execPath, [file, String(withinMs), String(waitMs)]);
  let log = "";
  child.stderr.on("data", (text) => {
    log += text;
  });
  const ended = once(child, "close");
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  const [code, signal] = await ended;
  return { end: signal ?? code, log };
}

test("a stage that cannot drain is killed and says so, one that can ends by itself", async () => {
  const stuck = await end(200, 600_000);
  expect(stuck.end).toBe("SIGKILL");
  expect(stuck.log).toContain("stage_not_drained");
  expect(await end(600_000, 200)).toEqual({ end: 0, log: "" });
});
