import { spawn } from "node:child_process";
import { join } from "node:path";

const bin = join(import.meta.dirname, "../../node_modules/.bin");

/** Every check with what it protects; all run, then all faults show at once. */
const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["types", "tsc", "--noEmit", "-p", "."],
  ["format", "biome", "format", "."],
  ["lint", "oxlint", "--type-aware", "--deny-warnings", "."],
  [
    "import rules",
    "depcruise",
    "--config",
    ".dependency-cruiser.cjs",
    "--output-type",
    "err",
    "topics",
    "pipeline",
    "sinks",
    "ops",
  ],
  ["generated files", "node", "ops/docs/generate.ts", "--check"],
  ["dead code", "knip", "--no-progress"],
];

const failed: string[] = [];
for (const [name, command, ...args] of checks) {
  const startedAt = performance.now();
  const { code, output } = await run(join(bin, command), args);
  const ok = code === 0 && (name !== "import rules" || readSomething(output));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${ok ? "ok  " : "FAIL"} ${name} (${seconds} s)\n`);
  if (ok) continue;
  failed.push(name);
  process.stdout.write(`${output}\n`);
}
process.stdout.write(`${checks.length - failed.length} passed, ${failed.length} failed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Without its parser, dependency-cruiser reads no module and exits green. */
function readSomething(output: string): boolean {
  const modules = /(\d+) modules/.exec(output);
  return modules !== null && Number(modules[1]) > 20;
}

function run(command: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}
