import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Hooks } from "../../ops/migration/rehearse/rehearse.ts";
import type { Surroundings } from "../../ops/migration/rehearse/start.ts";
import { until } from "../../ops/migration/until.ts";
import { pidOf, setInMigration } from "../e2e/rehearsed.ts";

const ingest = "/jobs/ingest/[^/]+";
const upload = { method: "PUT", path: `${ingest}/batches` };

/** A rule as the admin port takes it. */
interface Rule {
  readonly id: string;
  readonly match: Readonly<Record<string, unknown>>;
  readonly action: Readonly<Record<string, unknown>>;
}

/** What goes wrong at the destination, plan by plan; every rule must strike. */
export const faultPlans: Readonly<Record<string, readonly Rule[]>> = {
  "503 on upload": [
    {
      id: "upload_503",
      match: { ...upload, nth: 1 },
      action: { kind: "status", status: 503, body: "Service Unavailable" },
    },
  ],
  "token death mid-upload": [
    {
      id: "token_death",
      match: { ...upload, nth: 2 },
      action: { kind: "expire_in_upload", bytes: 4096 },
    },
  ],
  "job held for two minutes": [
    {
      id: "held",
      match: { on: "^Case insert", nth: 1 },
      action: { kind: "hold_job", ms: 120_000, state: "InProgress" },
    },
  ],
  "failed batch with unprocessed rows": [
    {
      id: "failed_batch",
      match: { on: "^(Case|Contact) insert", nth: 1 },
      action: { kind: "fail_batch", rows: 20 },
    },
  ],
  "lock-row on 10 % then clearing": [
    {
      id: "locked",
      match: { on: " insert " },
      action: { kind: "lock_rows", percent: 10, sharing: false },
    },
  ],
  "shuffled results": [
    { id: "shuffled", match: {}, action: { kind: "shuffle_results", seed: 11 } },
  ],
  "reply cut after commit": [
    {
      id: "job_reply_cut",
      match: { method: "POST", path: "/jobs/ingest$", nth: 2 },
      action: { kind: "drop_after" },
    },
    {
      id: "close_reply_cut",
      match: { method: "PATCH", path: `${ingest}$`, nth: 2 },
      action: { kind: "drop_after" },
    },
    {
      id: "write_reply_cut",
      match: { method: "POST", path: "/composite", nth: 1 },
      action: { kind: "drop_after" },
    },
    {
      id: "file_reply_cut",
      match: { method: "POST", path: "/sobjects/ContentVersion", nth: 1 },
      action: { kind: "drop_after" },
    },
  ],
};

/** Bulk jobs from few rows on, so that a small tenant meets every road; a bounded wait for what is on the wire. */
export function prepared(
  rules: readonly Rule[],
  bulkThreshold: number,
): NonNullable<Hooks["prepared"]> {
  return async (surroundings) => {
    setInMigration(surroundings, ["loader"], { bulk_threshold: bulkThreshold, flush_ms: 300 });
    setInMigration(surroundings, ["destination", "timeout_seconds"], 10);
    await surroundings.destination.call("POST", "faults", { seed: 1, rules });
  };
}

/** Rules that never struck: a plan that struck nothing proves nothing. */
export async function silent({ destination }: Surroundings): Promise<string[]> {
  const { rules } = await destination.call<{ rules: { id: string; hits: number }[] }>(
    "GET",
    "faults",
  );
  return rules.filter(({ hits }) => hits === 0).map(({ id }) => id);
}

/**
 * SIGKILLs the loader each time the destination has taken so many more uploads, and says where; ends
 * when it has or when \`ended\` is aborted.
 */
export async function killLoader(
  surroundings: Surroundings,
  uploads: readonly number[],
  ended: AbortSignal,
): Promise<string[]> {
  const kills: string[] = [];
  let killed = 0;
  for (const after of uploads) {
    await until(
      async () => {
        if (ended.aborted) return true;
        const taken = await uploadsTaken(surroundings);
        const pid = taken < after ? killed : loaderOf(surroundings);
        if (pid === killed) return false;
        process.kill(pid, "SIGKILL");
        killed = pid;
        kills.push(`loader ${pid}: SIGKILL after ${taken} uploads`);
        return true;
      },
      { what: `${after} uploads of a loader to kill`, timeoutMs: 600_000 },
    );
  }
  return kills;
}

/** The loader's process, 0 while no stage has been started. */
function loaderOf(surroundings: Surroundings): number {
  const started = existsSync(join(surroundings.migration.stateFolder, "processes.json"));
  return started ? pidOf(surroundings, "loader") || 0 : 0;
}

async function uploadsTaken({ destination }: Surroundings): Promise<number> {
  const { requests } = await destination.call<{
    requests: { method: string; path: string; status: number }[];
  }>("GET", "requests");
  return requests.filter(
    ({ method, path, status }) => method === "PUT" && path.endsWith("/batches") && status === 201,
  ).length;
}

/** Ingest jobs that have not ended, as the destination lists them. */
export async function openJobs({ destination }: Surroundings): Promise<string[]> {
  const token = await signIn(destination);
  const open: string[] = [];
  let path: string | null = "/services/data/v62.0/jobs/ingest?jobType=V2Ingest";
  while (path !== null) {
    const reply = await fetch(`${destination.http}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const page = (await reply.json()) as {
      records: { id: string; state: string; object: string }[];
      nextRecordsUrl: string | null;
    };
    open.push(
      ...page.records
        .filter(({ state }) => !["JobComplete", "Failed", "Aborted"].includes(state))
        .map(({ id, state, object }) => `${object} ${id} ${state}`),
    );
    path = page.nextRecordsUrl;
  }
  return open;
}

async function signIn({
  http,
  client_id,
  client_secret,
}: Surroundings["destination"]): Promise<string> {
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret });
  const reply = await fetch(`${http}/services/oauth2/token`, { method: "POST", body });
  return ((await reply.json()) as { access_token: string }).access_token;
}
