import type { RunningSimulator } from "../../ops/migration/simulator.ts";
import type { Surroundings } from "../../ops/migration/rehearse/start.ts";
import { compare } from "../independent/difference.ts";
import type { Destination, Rule } from "./fault-plans.ts";
import { workWithFile } from "./work.ts";

const ingest = "/jobs/ingest/[^/]+";
const upload = { method: "PUT", path: `${ingest}/batches` };

const cut = "reply cut after commit";

/** What goes wrong at an org, plan by plan. */
const plans: Readonly<Record<string, readonly Rule[]>> = {
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
  [cut]: [
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
      // Some of these calls hold rows without a key of ours: nothing but a question keeps them single.
      id: "more_write_replies_cut",
      match: { method: "POST", path: "/composite", from: 2, probability: 0.4, count: 8 },
      action: { kind: "drop_after" },
    },
    {
      id: "file_reply_cut",
      match: { method: "POST", path: "/sobjects/ContentVersion", nth: 1 },
      action: { kind: "drop_after" },
    },
  ],
};

/** An org under faults. */
export const salesforceUnderFaults: Destination = {
  options: { destination: "salesforce" },
  plans: Object.fromEntries(
    Object.entries(plans).map(([name, rules]) => [
      name,
      { rules, ...(name === cut ? { work: workWithFile } : {}) },
    ]),
  ),
  // Bulk jobs from few rows on, so that a small tenant meets every road.
  loader: (size) => ({ bulk_threshold: size < 100 ? 40 : 300, flush_ms: 300 }),
  taken: uploadsTaken,
  async amiss({ surroundings }) {
    const { differences } = await compare(surroundings.qdispatch, surroundings.destination);
    const open = await openJobs(surroundings);
    return [...differences, ...open.map((job) => `${job}: left open`)];
  },
};

async function uploadsTaken(destination: RunningSimulator): Promise<number> {
  const { requests } = await destination.call<{
    requests: { method: string; path: string; status: number }[];
  }>("GET", "requests");
  return requests.filter(
    ({ method, path, status }) => method === "PUT" && path.endsWith("/batches") && status === 201,
  ).length;
}

/** Ingest jobs that have not ended, as the destination lists them. */
async function openJobs({ destination }: Surroundings): Promise<string[]> {
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
