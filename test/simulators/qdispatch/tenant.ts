import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  type QDispatch,
  type QDispatchOptions,
  startQDispatch,
} from "../../../ops/simulators/qdispatch/start.ts";

/** A row or reply as it came over the wire, asserted on by the tests and by nothing else. */
// oxlint-disable-next-line typescript/no-explicit-any -- a typed wire would hide what these tests look for
export type Json = Record<string, any>;

/** A running tenant and the raw calls a test makes to it. */
export interface Tenant {
  readonly ready: QDispatch["ready"];
  get(path: string): Promise<Response>;
  json(path: string): Promise<Json>;
  admin(path: string, body?: unknown): Promise<Json>;
  /** Follows a feed from a place to its end. */
  follow(feed: string, from?: string, pageSize?: number): Promise<{ rows: Json[]; next: string }>;
  truth(entity: string): Promise<Json[]>;
  close(): Promise<void>;
}

/** A folder that is gone after the test. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "qdispatch-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a small quiet tenant and closes it after the test. */
export async function aTenant(options: Partial<QDispatchOptions> = {}): Promise<Tenant> {
  const folder = options.folder ?? aFolder();
  const simulator = await startQDispatch({ seed: 1, size: 30, quiet: true, ...options, folder });
  let open = true;
  const close = async (): Promise<void> => {
    if (open) await simulator.close();
    open = false;
  };
  onTestFinished(close);
  const { ready } = simulator;
  const bearer = await bearerOf(ready);
  const get = (path: string): Promise<Response> =>
    fetch(ready.http + path, { headers: { authorization: `Bearer ${bearer}` } });
  const json = async (path: string): Promise<Json> => (await (await get(path)).json()) as Json;
  return {
    ready,
    get,
    json,
    close,
    async admin(path, body) {
      const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
      const reply = await fetch(`${ready.admin}/${path}`, init);
      const answer = (await reply.json()) as Json;
      return reply.ok ? answer : { status: reply.status, ...answer };
    },
    async follow(feed, from = "", pageSize = 50) {
      const rows: Json[] = [];
      for (let next = from; ; ) {
        const start = next === "" ? "" : `&from=${encodeURIComponent(next)}`;
        const page = await json(`/export/${feed}?active=Any&pageSize=${pageSize}${start}`);
        rows.push(...page["data"]);
        next = page["continueFrom"];
        if (page["hasMore"] === false) return { rows, next };
      }
    },
    async truth(entity) {
      const text = await (await fetch(`${ready.admin}/truth/${entity}?full=1`)).text();
      return text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Json);
    },
  };
}

/** A bearer token by client credentials in the form. */
export async function bearerOf(ready: QDispatch["ready"], scope?: string): Promise<string> {
  const form = { grant_type: "client_credentials", client_id: ready.client_id };
  const body = new URLSearchParams({
    ...form,
    client_secret: ready.client_secret,
    ...(scope === undefined ? {} : { scope }),
  });
  const reply = await fetch(`${ready.http}/oauth/token`, { method: "POST", body });
  return ((await reply.json()) as Json)["access_token"];
}
