import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DataverseOptions,
  type DataverseReady,
  startDataverse,
} from "../../../ops/simulators/dataverse/start.ts";

/** A reply as raw HTTP gave it; `json` is undefined where the body is none. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  // Tests look into replies of every shape; what is not there fails the expectation.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
  readonly headers: Headers;
}

/** A running simulator and raw calls to it. */
export interface EnvironmentClient {
  readonly ready: DataverseReady;
  readonly folder: string;
  token: string;
  signIn(): Promise<void>;
  /** A token request with these fields beside or instead of the right ones. */
  askToken(fields: Record<string, string>, path?: string): Promise<Answer>;
  /** An address below `/api/data/v9.2/`, or a whole one; a text is sent as it is. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Creates a row and returns its id. */
  create(set: string, values: object, headers?: Record<string, string>): Promise<string>;
  /** Sends lines as a batch, joined by `lineEnd`. */
  batch(
    lines: readonly string[],
    options?: { lineEnd?: string; headers?: Record<string, string>; boundary?: string },
  ): Promise<Answer>;
  admin(method: string, path: string, body?: unknown): Promise<Answer>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a simulator and signs in. */
export async function openEnvironmentClient(
  options: Omit<DataverseOptions, "folder"> = {},
): Promise<EnvironmentClient> {
  const folder = mkdtempSync(join(tmpdir(), "simulator-dataverse-"));
  let simulator = await startDataverse({ ...options, folder });
  const client: EnvironmentClient = {
    get ready() {
      return simulator.ready;
    },
    folder,
    token: "",
    async signIn() {
      client.token = (await client.askToken({})).json.access_token;
    },
    askToken(fields, path = `/${client.ready.tenant}/oauth2/v2.0/token`) {
      const { client_id, client_secret, http } = client.ready;
      const usual = { grant_type: "client_credentials", client_id, client_secret };
      const form = new URLSearchParams({ ...usual, scope: `${http}/.default`, ...fields });
      return send(`${http}${path}`, { method: "POST", body: form });
    },
    call(method, path, body, headers = {}) {
      const url = path.startsWith("http") ? path : `${client.ready.http}/api/data/v9.2/${path}`;
      const said = { authorization: `Bearer ${client.token}`, "content-type": "application/json" };
      const text = typeof body === "string" ? body : JSON.stringify(body);
      return send(url, {
        method,
        headers: { ...said, ...headers },
        ...(body === undefined ? {} : { body: text }),
      });
    },
    async create(set, values, headers) {
      const made = await client.call("POST", set, values, headers);
      const id = /\(([^)]+)\)$/.exec(made.headers.get("odata-entityid") ?? "")?.[1];
      if (id === undefined) throw new Error(`${made.status} ${made.text}`);
      return id;
    },
    batch(lines, { lineEnd = "\r\n", headers = {}, boundary = "b" } = {}) {
      const type = { "content-type": `multipart/mixed;boundary=${boundary}` };
      return client.call("POST", "$batch", lines.join(lineEnd), { ...type, ...headers });
    },
    admin: (method, path, body) =>
      send(`${client.ready.admin}/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    async restart() {
      await simulator.close();
      simulator = await startDataverse({ ...options, folder });
    },
    async close() {
      await simulator.close();
      rmSync(folder, { recursive: true });
    },
  };
  await client.signIn();
  return client;
}

async function send(url: string, init: RequestInit): Promise<Answer> {
  const reply = await fetch(url, init);
  const text = await reply.text();
  const isJson = reply.headers.get("content-type")?.startsWith("application/json") === true;
  const json = isJson && text !== "" ? JSON.parse(text) : undefined;
  return { status: reply.status, text, json, headers: reply.headers };
}
