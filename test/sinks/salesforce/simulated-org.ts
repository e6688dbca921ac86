import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openLog } from "../../../pipeline/stage/log.ts";
import { openMetrics } from "../../../pipeline/stage/metrics.ts";
import { Secret } from "../../../pipeline/stage/secret.ts";
import {
  openSalesforceSink,
  type SalesforceSink,
} from "../../../sinks/salesforce/salesforce-sink.ts";

const root = join(import.meta.dirname, "../../..");

/** A Salesforce simulator in a process of its own. */
export interface SimulatedOrg {
  readonly http: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the sink's files stand. */
  readonly blobFolder: string;
  /** Calls the admin port. */
  admin<T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T>;
  /** Calls the org as our user, below the version's path. */
  rest<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** A file's bytes, below the version's path. */
  bytes(path: string): Promise<Buffer>;
  /** Rows of a SOQL query, all pages. */
  query(soql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Living rows of an object by source key. */
  rows(object: string): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>>;
  sink(options?: { secret?: string; timeoutMs?: number }): Promise<SalesforceSink>;
  close(): Promise<void>;
}

/** Starts one with the schema given; it ends with `close`. */
export async function simulatedOrg(schema: object): Promise<SimulatedOrg> {
  const folder = mkdtempSync(join(tmpdir(), "cutover-org-"));
  const child = spawn(
    process.execPath,
    [join(root, "ops/simulators/salesforce/main.ts"), "--folder", folder],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ready = (await firstLine(child)) as {
    http: string;
    client_id: string;
    client_secret: string;
    admin: string;
  };
  const admin = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const reply = await fetch(`${ready.admin}/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return JSON.parse(text) as T;
  };
  await admin("POST", "schema", schema);
  return {
    http: ready.http,
    clientId: ready.client_id,
    clientSecret: ready.client_secret,
    blobFolder: join(folder, "blobs"),
    admin,
    rest: async (method, path, body) => {
      const reply = await called(ready, method, `/services/data/v62.0/${path}`, body);
      const text = await reply.text();
      return text === "" ? undefined : JSON.parse(text);
    },
    bytes: async (path) => {
      const reply = await called(ready, "GET", `/services/data/v62.0/${path}`);
      return Buffer.from(await reply.arrayBuffer());
    },
    query: (soql) => queried(ready, soql),
    rows: async (object) => {
      const text = await (await fetch(`${ready.admin}/snapshot?object=${object}`)).text();
      const rows = text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((row) => row["IsDeleted"] !== true);
      return new Map(rows.map((row) => [String(row["Source_Key__c"]), row]));
    },
    sink: ({ secret = ready.client_secret, timeoutMs = 5000 } = {}) =>
      openSalesforceSink({
        loginUrl: ready.http,
        clientId: ready.client_id,
        clientSecret: new Secret(secret),
        apiVersion: "62.0",
        allowLoopback: true,
        timeoutMs,
        spoolFolder: join(folder, "uploads"),
        blobFolder: join(folder, "blobs"),
        metrics: openMetrics(),
        log: openLog("sink"),
      }),
    close: async () => {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

interface Ready {
  readonly http: string;
  readonly client_id: string;
  readonly client_secret: string;
}

async function called(
  { http, client_id, client_secret }: Ready,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id,
    client_secret,
  });
  const token = await fetch(`${http}/services/oauth2/token`, { method: "POST", body: form });
  const { access_token } = (await token.json()) as { access_token: string };
  const reply = await fetch(`${http}${path}`, {
    method,
    headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return reply;
}

async function queried(
  ready: Ready,
  soql: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows: Record<string, unknown>[] = [];
  let path: string | undefined = `/services/data/v62.0/query?q=${encodeURIComponent(soql)}`;
  while (path !== undefined) {
    const reply = await called(ready, "GET", path);
    const page = (await reply.json()) as { records: never[]; nextRecordsUrl?: string };
    rows.push(...page.records);
    path = page.nextRecordsUrl;
  }
  return rows;
}

async function firstLine(child: ChildProcess): Promise<unknown> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = (await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(() => {
      throw new Error("The simulator ended before it was ready.");
    }),
  ])) as [string];
  return JSON.parse(line);
}
