import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { destinationOf, destinations } from "../../ops/migration/destinations/index.ts";
import { writeFolder } from "../../ops/migration/rehearse/write-folder.ts";
import { type RunningSimulator, startSimulator } from "../../ops/migration/simulator.ts";
import type { SchemaCreated, SchemaFinding } from "../../sinks/schema-finding.ts";
import { cutover } from "./cutover.ts";

const cases = [
  { destination: "salesforce", edition: undefined },
  { destination: "dynamics", edition: "enterprise" },
  { destination: "dynamics", edition: "professional" },
] as const;

interface Answer extends SchemaCreated {
  readonly findings: readonly SchemaFinding[];
}

describe.each(cases)("an empty $destination ($edition)", ({ destination, edition }) => {
  const folder = mkdtempSync(join(tmpdir(), "cutover-schema-"));
  const parts = destinations[destination].rehearsed;
  let simulator: RunningSimulator;

  beforeAll(async () => {
    const args = ["--limits", "off", ...parts.simulatorArguments({ seed: 1, edition })];
    simulator = await startSimulator(parts.simulator, { folder, args });
    Object.assign(process.env, parts.environment(simulator));
    const migration = writeFolder({
      ...{ folder, destination, edition, partitions: 1 },
      stack: { brokers: "127.0.0.1:9", registry: "http://127.0.0.1:9" },
      block: parts.block(simulator),
      fallbackOwner: "nobody@cutover.example",
    });
    await destinationOf(migration.file.destination).actAsAdmin();
  });

  afterAll(async () => {
    await simulator?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const check = async (...args: string[]): Promise<{ code: number | null } & Answer> => {
    const { code, stdout, stderr } = await cutover(
      ...["schema", "check", "--migration", folder, "--json", ...args],
    );
    if (stdout === "") throw new Error(stderr);
    return { code, ...(JSON.parse(stdout) as Answer) };
  };

  test("lacks what the plan needs: exit code 3, each finding with a remedy", async () => {
    const { code, created, findings } = await check();
    expect({ code, created }).toEqual({ code: 3, created: [] });
    expect(findings.length).toBeGreaterThan(20);
    for (const { remedy } of findings) expect(remedy).not.toBe("");
  });

  test("has it all once it is created, and nothing is made twice", async () => {
    const first = await check("--create");
    expect(first.refused).toEqual([]);
    expect(first.findings.filter(({ warns }) => warns !== true)).toEqual([]);
    expect(first.code).toBe(0);
    expect(first.created.length).toBeGreaterThan(20);
    const again = await check("--create");
    expect(again.created.filter((name) => !name.startsWith("PermissionSet"))).toEqual([]);
    expect(again.code).toBe(0);
  });
});
