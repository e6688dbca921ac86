import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const project = resolve(import.meta.dirname, "../..");
let machine: string;

beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), "cutover-set-up-"));
});

afterEach(() => {
  rmSync(machine, { recursive: true });
});

/** A clone that was never set up, on a machine that has the named programs and no others. */
function setUp(programs: readonly string[]) {
  for (const path of ["package.json", "package-lock.json", "ops/setup", "ops/stack/pom.xml"]) {
    mkdirSync(dirname(join(machine, "clone", path)), { recursive: true });
    cpSync(join(project, path), join(machine, "clone", path), { recursive: true });
  }
  mkdirSync(join(machine, "bin"));
  for (const name of programs) {
    const found = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
    symlinkSync(found, join(machine, "bin", name));
  }
  const env = { PATH: join(machine, "bin"), HOME: machine };
  const script = join(machine, "clone/ops/setup/ensure.sh");
  return spawnSync(join(machine, "bin/sh"), [script], { encoding: "utf8", env });
}

const everywhere = "sh dirname cat cksum mkdir df awk sed head node rm".split(" ");

test("everything that is missing is named at once, each with its remedy, and nothing is changed", () => {
  const { status, stderr } = setUp(everywhere);
  expect(status).toBe(2);
  for (const program of ["npm", "java", "mvn", "c++", "make", "python3"]) {
    expect(stderr).toContain(`cutover set-up: ${program} is missing: install `);
  }
  expect(existsSync(join(machine, "clone/node_modules"))).toBe(false);
});
