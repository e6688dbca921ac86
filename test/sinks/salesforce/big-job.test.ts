import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { threeObjectsSchema } from "../../loader/three-objects.ts";
import { type SimulatedOrg, simulatedOrg } from "./simulated-org.ts";

let org: SimulatedOrg;
beforeAll(async () => {
  org = await simulatedOrg(threeObjectsSchema);
  await org.admin("POST", "settings", { model: "off" });
});
afterAll(() => org.close());

test("a job of 10,000 rows and 40 MB is uploaded and read back in a small heap, and leaves no file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cutover-spool-"));
  const facts = {
    loginUrl: org.http,
    clientId: org.clientId,
    clientSecret: org.clientSecret,
    folder,
    rows: 10_000,
    characters: 4_000,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--expose-gc",
    "--max-old-space-size=64",
    "--max-semi-space-size=4",
    join(import.meta.dirname, "big-job-child.ts"),
    JSON.stringify(facts),
  ]);
  const { created, grownBytes } = JSON.parse(stdout) as { created: number; grownBytes: number };
  expect(created).toBe(10_000);
  expect(grownBytes).toBeLessThan(24 * 1024 * 1024);
  expect(readdirSync(folder)).toEqual([]);
});
