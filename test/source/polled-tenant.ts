import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseDocument } from "yaml";
import { applyTopics } from "../../pipeline/kafka/admin.ts";
import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import {
  type ControlFollower,
  type ControlWriter,
  followControl,
  openControlWriter,
} from "../../pipeline/kafka/control.ts";
import type { Derivations } from "../../pipeline/source/derived.ts";
import { runPoller } from "../../pipeline/source/poller.ts";
import { loadProfile, type Profile } from "../../pipeline/source/profile.ts";
import { allTopics } from "../../topics/index.ts";
import { migrationName, testConnection, testStage } from "../kafka-connection.ts";

const root = join(import.meta.dirname, "../..");

/** The plan every test runs under. */
export const planHash = "plan-of-the-test";

/** A Q Dispatch tenant of its own process, a migration of its own, and pollers on demand. */
export interface PolledTenant {
  readonly migration: string;
  readonly connection: KafkaConnection;
  readonly profilePath: string;
  readonly stateFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly writer: ControlWriter;
  readonly control: ControlFollower;
  /** Calls the simulator's admin port. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  profile(): Profile;
  /** Runs a poller in this process until stopped. */
  poll(
    profile?: Profile,
    derive?: Derivations,
  ): { stop(): Promise<void>; readonly ended: Promise<void> };
  /** Waits for an event of the control log; throws what ends a poller of this process before. */
  said(kind: "snapshot_end" | "poll_fence", count?: number): Promise<void>;
  /** Names T and waits for the fence. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it all; the profile is the default one with a rehearsal's short lookback. */
export async function polledTenant(
  of: string,
  options: { readonly args: readonly string[]; readonly gates?: boolean },
): Promise<PolledTenant> {
  const folder = mkdtempSync(join(tmpdir(), "cutover-source-"));
  const { child, ready } = await simulator(folder, options.args);
  const connection = testConnection(of);
  const migration = migrationName(of);
  await applyTopics(connection, allTopics(migration, []), { partitions: 3 });
  const writer = await openControlWriter(connection, migration);
  if (options.gates !== false) {
    await writer.say("plan", "plan", { hash: planHash }, "test");
    await writer.say("gate", "approve", { plan: planHash, passed: true }, "test");
  }
  const control = await followControl(connection, migration);
  const environment = {
    QD_BASE_URL: ready.http,
    QD_CLIENT_ID: ready.client_id,
    QD_CLIENT_SECRET: ready.client_secret,
  };
  const profilePath = shortProfile(folder);
  const stateFolder = join(folder, "store");
  const profile = (): Profile => {
    Object.assign(process.env, environment);
    return loadProfile(profilePath);
  };
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const payload = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${ready.admin}/${path}`, { method, ...payload });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return (path.startsWith("truth/") ? text : JSON.parse(text)) as T;
  };
  let died: unknown;
  const unlessDied = (holds: () => boolean) => () => {
    if (died !== undefined) throw died;
    return holds();
  };
  const tenant: PolledTenant = {
    ...{ migration, connection, profilePath, stateFolder, environment, writer, control },
    ...{ call, profile },
    poll(changed = profile(), derive = {}) {
      const stage = testStage("poller");
      const ended = runPoller({
        ...{ stage, connection, migration, stateFolder, planHash },
        profile: changed,
        derive,
        pollMs: 100,
      });
      died = undefined;
      ended.catch((error: unknown) => {
        died = error;
      });
      const stop = async (): Promise<void> => {
        stage.stop.abort();
        await ended;
      };
      return { ended, stop };
    },
    said: (kind, count = 1) =>
      until(
        control,
        unlessDied(() => control.state.all(kind).size >= count),
      ),
    async finish() {
      const { now } = await call<{ now: string }>("GET", "clock");
      const at = Date.parse(now);
      await writer.say("finish", "finish", { at }, "test");
      const fenced = () => control.state.get("poll_fence", "poller")?.at === at;
      await until(control, unlessDied(fenced));
    },
    async close() {
      child.kill();
      await writer.close();
      await control.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return tenant;
}

interface Ready {
  readonly http: string;
  readonly admin: string;
  readonly client_id: string;
  readonly client_secret: string;
}

async function simulator(folder: string, args: readonly string[]) {
  const main = join(root, "ops/simulators/qdispatch/main.ts");
  const child = spawn(process.execPath, [main, "--folder", join(folder, "tenant"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`The simulator ended with ${code}.`)));
  });
  return { child, ready: JSON.parse(line) as Ready };
}

function shortProfile(folder: string): string {
  const file = join(root, "pipeline/source/profiles/export-feed.yaml");
  const document = parseDocument(readFileSync(file, "utf8"));
  document.setIn(["defaults", "incremental", "lookback_window"], "PT2S");
  document.setIn(["defaults", "poll", "full"], "1s");
  document.setIn(["defaults", "deletes", "census", "every"], "1s");
  const path = join(folder, "profile.yaml");
  writeFileSync(path, document.toString());
  return path;
}

/** Follows the control log until something is so. */
export async function until(control: ControlFollower, holds: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!holds()) {
    await control.poll();
    if (performance.now() - startedAt > 200_000) throw new Error("It did not come to be in 200 s.");
  }
}
