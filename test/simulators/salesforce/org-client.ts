import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  type SalesforceOptions,
  startSalesforce,
} from "../../../ops/simulators/salesforce/start.ts";
import type { ReadyLine } from "../../../ops/simulators/server/ready.ts";

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
export interface OrgClient {
  readonly ready: ReadyLine;
  readonly folder: string;
  token: string;
  signIn(): Promise<void>;
  /** Any address below the host, with the access token. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** An address below `/services/data/v59.0`. */
  rest(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  admin(method: string, path: string, body?: unknown): Promise<Answer>;
  query(soql: string): Promise<Answer>;
  /** Creates, uploads and closes an ingest job; returns its id. */
  submit(order: object, csv: string): Promise<string>;
  /** The job once it has ended. */
  ended(id: string, kind?: "ingest" | "query"): Promise<Answer["json"]>;
  results(id: string, kind: string): Promise<string[][]>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

const keyFields = [
  { name: "Source_Key__c", type: "Text", length: 100, externalId: true, unique: true },
  { name: "Source_System_ID__c", type: "Text", length: 255 },
];

/** The custom schema the tests load into. */
export const testSchema = {
  objects: [
    { name: "Account", fields: keyFields },
    { name: "Contact", fields: keyFields },
    {
      name: "Case",
      fields: [
        ...keyFields,
        { name: "Total__c", type: "Currency", precision: 18, scale: 2 },
        {
          name: "Work_Order_Status__c",
          type: "Picklist",
          restricted: true,
          values: ["Pending", "Completed"],
        },
        { name: "Scheduled_At__c", type: "DateTime" },
        { name: "Tags__c", type: "MultiselectPicklist", values: ["a", "b", "c"] },
      ],
    },
    {
      name: "Work_Order_Line_Item__c",
      fields: [
        ...keyFields,
        {
          name: "Case__c",
          type: "Lookup",
          referenceTo: "Case",
          relationshipName: "Line_Items",
          required: true,
          deleteConstraint: "Restrict",
        },
        { name: "Quantity__c", type: "Number", precision: 18, scale: 2 },
      ],
    },
  ],
};

/** Starts a simulator with the test schema and signs in. */
export async function openOrgClient(
  options: Omit<SalesforceOptions, "folder"> = {},
): Promise<OrgClient> {
  const folder = mkdtempSync(join(tmpdir(), "simulator-salesforce-"));
  let simulator = await startSalesforce({ ...options, folder });
  const send = async (url: string, init: RequestInit): Promise<Answer> => {
    const reply = await fetch(url, init);
    const text = await reply.text();
    const isJson = reply.headers.get("content-type")?.startsWith("application/json") === true;
    const json = isJson ? JSON.parse(text) : undefined;
    return { status: reply.status, text, json, headers: reply.headers };
  };
  const client: OrgClient = {
    get ready() {
      return simulator.ready;
    },
    folder,
    token: "",
    async signIn() {
      const form = new URLSearchParams({
        grant_type: "client_credentials",
        client_id: client.ready.client_id,
        client_secret: client.ready.client_secret,
      });
      const url = `${client.ready.http}/services/oauth2/token`;
      client.token = (await send(url, { method: "POST", body: form })).json.access_token;
    },
    call(method, path, body, headers = {}) {
      const isText = typeof body === "string";
      return send(`${client.ready.http}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${client.token}`,
          "content-type": isText ? "text/csv" : "application/json",
          ...headers,
        },
        ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
      });
    },
    rest: (method, path, body, headers) =>
      client.call(method, `/services/data/v59.0${path}`, body, headers),
    admin: (method, path, body) =>
      send(`${client.ready.admin}/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    query: (soql) => client.rest("GET", `/query?q=${encodeURIComponent(soql)}`),
    async submit(order, csv) {
      const { json } = await client.rest("POST", "/jobs/ingest", order);
      await client.rest("PUT", `/jobs/ingest/${json.id}/batches`, csv);
      await client.rest("PATCH", `/jobs/ingest/${json.id}`, { state: "UploadComplete" });
      return json.id;
    },
    async ended(id, kind = "ingest") {
      for (;;) {
        const { json } = await client.rest("GET", `/jobs/${kind}/${id}`);
        if (["JobComplete", "Failed", "Aborted"].includes(json.state)) return json;
        await delay(10);
      }
    },
    async results(id, kind) {
      const { text } = await client.rest("GET", `/jobs/ingest/${id}/${kind}`);
      const lines = text.split("\n").slice(0, -1);
      return lines.map((line) => line.slice(1, -1).split('","'));
    },
    async restart() {
      await simulator.close();
      simulator = await startSalesforce({ ...options, folder });
    },
    async close() {
      await simulator.close();
      rmSync(folder, { recursive: true });
    },
  };
  await client.admin("POST", "schema", testSchema);
  await client.admin("POST", "settings", { processing: { queueMs: 0, msPer10k: 0 } });
  await client.signIn();
  return client;
}
