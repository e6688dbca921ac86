import { mkdtempSync, openAsBlob, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningSimulator } from "../../ops/migration/simulator.ts";
import { addFallbackOwner, countsOf, provisioned } from "./benched.ts";
import { cpuSeconds } from "./machine.ts";
import { type Road, startDestination } from "./road.ts";

const version = "/services/data/v62.0";
/** As many jobs at once as the org has lanes. */
const atOnce = 5;

interface Upload {
  readonly object: string;
  readonly file: string;
  readonly rows: number;
}

/** Feeds a fresh org the very files a road has uploaded, by raw HTTP and as fast as it takes them. */
export async function loadSalesforceAlone(road: Road): Promise<object> {
  const uploads = await uploadsOf(road);
  const folder = mkdtempSync(join(tmpdir(), "cutover-bench-org-"));
  const org = await startDestination(road.benched, folder, "off");
  try {
    await provisioned(road.benched, org, road.migration);
    await addFallbackOwner(org);
    const token = await tokenOf(org);
    await fillUp(org, token, uploads, await countsOf(road.destination, road.benched));
    const cpu = cpuSeconds(org.child.process.pid as number);
    const begun = performance.now();
    let rows = 0;
    let failed = 0;
    // Parents first: rows name them by the ids both orgs give in the same order.
    for (const object of Object.values(road.benched.objects)) {
      const queue = uploads.filter((upload) => upload.object === object);
      const lanes = Array.from({ length: atOnce }, async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const content = await openAsBlob(next.file, { type: "text/csv" });
          const ended = await send(org, token, object, content);
          rows += ended.processed;
          failed += ended.failed;
        }
      });
      await Promise.all(lanes);
    }
    const seconds = (performance.now() - begun) / 1000;
    const used = cpuSeconds(org.child.process.pid as number) - cpu;
    return {
      jobs: uploads.length,
      rows,
      failed,
      seconds: Number(seconds.toFixed(2)),
      rowsPerSecond: Math.round(rows / seconds),
      rowsPerCpuSecond: Math.round(rows / used),
      peakRssMb: Math.round(org.child.peakRss() / 1024 / 1024),
    };
  } finally {
    await org.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Parents that went by small calls are made up, so that every id the files name is there. */
async function fillUp(
  org: RunningSimulator,
  token: string,
  uploads: readonly Upload[],
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [object, name] of [
    ["Account", "Name"],
    ["Contact", "LastName"],
  ] as const) {
    const files = uploads.filter((upload) => upload.object === object);
    const uploaded = files.reduce((sum, { rows }) => sum + rows, 0);
    const missing = Math.max(0, (counts[object] ?? 0) - uploaded);
    const lines = Array.from({ length: missing }, (_, n) => `filler-${n},Filler\n`);
    const content = new Blob([`Source_Key__c,${name}\n`, ...lines]);
    if (missing > 0) await send(org, token, object, content);
  }
}

async function uploadsOf(road: Road): Promise<Upload[]> {
  const token = await tokenOf(road.destination);
  const { records } = await call<{ records: { id: string; object: string }[] }>(
    road.destination,
    token,
    "GET",
    "/jobs/ingest",
  );
  const uploads = records.map(async ({ id, object }) => {
    const info = await call<{ numberRecordsProcessed: number }>(
      road.destination,
      token,
      "GET",
      `/jobs/ingest/${id}`,
    );
    const file = join(road.simulatorFolder, "salesforce", "bulk", `${id}.csv`);
    return { object, file, rows: info.numberRecordsProcessed };
  });
  return (await Promise.all(uploads)).reverse();
}

async function send(
  org: RunningSimulator,
  token: string,
  object: string,
  content: Blob,
): Promise<{ processed: number; failed: number }> {
  const job = await call<{ id: string }>(org, token, "POST", "/jobs/ingest", {
    object,
    operation: "insert",
  });
  const path = `/jobs/ingest/${job.id}`;
  const put = await fetch(`${org.http}${version}${path}/batches`, {
    method: "PUT",
    headers: { authorization: `Bearer ${token}`, "content-type": "text/csv" },
    body: content,
  });
  if (put.status !== 201) throw new Error(`An upload of ${object} was answered ${put.status}.`);
  await call(org, token, "PATCH", path, { state: "UploadComplete" });
  for (;;) {
    const state = await call<{
      state: string;
      numberRecordsProcessed: number;
      numberRecordsFailed: number;
    }>(org, token, "GET", path);
    if (state.state === "JobComplete") {
      return { processed: state.numberRecordsProcessed, failed: state.numberRecordsFailed };
    }
    if (state.state === "Failed") throw new Error(`Job ${job.id} of ${object} failed.`);
    await sleep(50);
  }
}

async function call<T>(
  org: RunningSimulator,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const reply = await fetch(`${org.http}${version}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as T;
}

async function tokenOf(org: RunningSimulator): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: org.client_id,
    client_secret: org.client_secret,
  });
  const reply = await fetch(`${org.http}/services/oauth2/token`, { method: "POST", body });
  return ((await reply.json()) as { access_token: string }).access_token;
}
