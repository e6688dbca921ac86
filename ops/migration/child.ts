import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { compiledCode } from "./compiled-code.ts";

const cli = join(import.meta.dirname, "../cli/main.ts");

/**
 * librdkafka's freed memory returns to the system: one malloc arena instead of one per thread, and
 * blocks of 16 KB and more given back at once (measured in the loader of 10,000 jobs with files: 286 MB
 * with two arenas and blocks of 128 KB, 262 MB so).
 */
const nativeMemory = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_TRIM_THRESHOLD_: "131072",
  MALLOC_MMAP_THRESHOLD_: "16384",
} as const;

// Known from the start, also what strips a process's first file need not be loaded: 20 MB a process.
const stripped = { NODE_COMPILE_CACHE: compiledCode };

/** A process of ours, started by another of ours and ended with it. */
export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** The first line it printed on stdout: JSON that says it is ready. */
  readonly ready: Promise<Record<string, unknown>>;
  /** Resolves with the exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
  /** Peak resident memory seen so far, bytes. */
  peakRss(): number;
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

/** What a child is started with. */
export interface ChildOptions {
  readonly name: string;
  /** Arguments of `cutover`. */
  readonly args: readonly string[];
  readonly logFile: string;
  /** Heap bound in MB; the resident size stays below 256 MB with it. */
  readonly heapMb: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts `cutover …` as a child. Its stdin is a pipe nobody writes to: when this process dies,
 * also by `kill -9`, the pipe closes and the child drains and ends.
 */
export function startChild(options: ChildOptions): Child {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile, { flags: "a" });
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      `--max-old-space-size=${options.heapMb}`,
      // Left alone, V8 takes 96 MB for young objects here and then collects the old ones without end.
      "--max-semi-space-size=4",
      cli,
      ...options.args,
    ],
    {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...stripped, ...process.env, ...nativeMemory, ...options.environment },
    },
  );
  child.stderr.pipe(log);
  const ended = new Promise<number | string>((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? signal ?? 1));
  });
  const memory = watchMemory(child);
  return {
    name: options.name,
    process: child,
    ready: firstLine(child, options, ended),
    ended,
    peakRss: memory,
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const deadline = setTimeout(() => child.kill("SIGKILL"), 30_000);
      const end = await ended;
      clearTimeout(deadline);
      return end;
    },
  };
}

function firstLine(
  child: ChildProcess,
  options: ChildOptions,
  ended: Promise<number | string>,
): Promise<Record<string, unknown>> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    lines.once("line", (line) => {
      try {
        resolve(JSON.parse(line) as Record<string, unknown>);
      } catch {
        reject(new Error(`${options.name} printed no JSON: ${line}`));
      }
    });
    void ended.then((code) =>
      reject(
        new Error(
          `${options.name} ended (${code}) before it was ready: ${lastError(options.logFile)}`,
        ),
      ),
    );
  });
  ready.catch(() => {});
  return ready;
}

/** The last error a child wrote to its log, for a person. */
export function lastError(logFile: string): string {
  const lines = readFileSync(logFile, "utf8").trimEnd().split("\n");
  for (const line of lines.reverse()) {
    try {
      const { message, event } = JSON.parse(line) as { message?: string; event?: string };
      if (event === "stage_failed" && message !== undefined) return message;
    } catch {
      if (line.trim() !== "") return line.trim();
    }
  }
  return `see ${logFile}`;
}

/** Samples VmHWM, the kernel's own peak. */
function watchMemory(child: ChildProcess): () => number {
  let peak = 0;
  const sample = (): void => {
    try {
      const text = readFileSync(`/proc/${child.pid}/status`, "utf8");
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0) * 1024);
    } catch {
      // Ended, or no /proc on this system: the last sample stands.
    }
  };
  const timer = setInterval(sample, 500);
  timer.unref();
  child.once("exit", () => clearInterval(timer));
  return () => {
    sample();
    return peak;
  };
}
