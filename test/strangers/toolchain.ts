import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

/** The folder of a stranger's sources. */
export function sourceOf(stranger: string): string {
  return join(import.meta.dirname, stranger);
}

/** Whether a command is there; where not, says which stranger stays away for it. */
export function available(stranger: string, command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    process.stderr.write(
      `${stranger} is skipped: \`${[command, ...args].join(" ")}\` fails here.\n`,
    );
    return false;
  }
}

/** The cache folder of what `install` put there; it is called anew when one of the pinning files has changed. */
export async function installed(
  stranger: string,
  pins: readonly string[],
  install: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash("sha256");
  for (const pin of pins) hash.update(readFileSync(join(sourceOf(stranger), pin)));
  const folder = join(root, ".cache/strangers", `${stranger}-${hash.digest("hex").slice(0, 12)}`);
  const done = join(folder, "installed");
  if (existsSync(done)) return folder;
  // A half-way one is of no use.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await install(folder);
  writeFileSync(done, "");
  return folder;
}

/** A virtual environment of the cache with what a stranger's `requirements.txt` pins, and nothing else. */
export function virtualEnvironment(stranger: string): Promise<string> {
  const source = sourceOf(stranger);
  return installed(stranger, ["requirements.txt"], async (target) => {
    await runIn(source, "python3", "-m", "venv", target);
    const pip = join(target, "bin/pip");
    await runIn(source, pip, "install", "--quiet", "--no-deps", "-r", "requirements.txt");
  });
}

/** Runs a command to its end; a failure carries what it printed. */
export async function runIn(cwd: string, command: string, ...args: string[]): Promise<void> {
  await run(command, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
}

/** Runs a stranger against an org and returns the facts it printed. */
export async function factsOf(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const { stdout } = await run(command, [...args], {
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  const last = stdout.trim().split("\n").at(-1) ?? "";
  return JSON.parse(last) as Record<string, unknown>;
}
