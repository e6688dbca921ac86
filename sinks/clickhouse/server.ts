import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CutoverError } from "../../pipeline/core/errors.ts";
import type { Metrics } from "../../pipeline/stage/metrics.ts";
import { type Database, LedgerQueryError, type TextFormat, textFormats } from "./database.ts";
import { explainRecord } from "./explain.ts";
import { findingViews, judgedTables, stateViews } from "./views.ts";
import { passGate, SqlRefused } from "./sql-gate.ts";

/** What the server shows. */
export interface Served {
  readonly database: Database;
  readonly metrics: Metrics;
  readonly positions: () => Readonly<Record<string, readonly number[]>>;
  /** Resolves when the states show what has been written so far. */
  readonly fresh: () => Promise<void>;
  /** Resolves when the findings do. */
  readonly found: () => Promise<void>;
  readonly status: () => Promise<object>;
  /** The report, all of it of one moment. */
  readonly report: () => Promise<object>;
}

type Answer = (served: Served, request: IncomingMessage, url: URL) => Promise<Reply>;

interface Reply {
  readonly type: string;
  readonly body: string;
}

const largestStatement = 64 * 1024;

/** Serves the ledger on loopback, read only; port 0 takes any. */
export async function serveLedger(
  served: Served,
  port: number,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    answer(served, request).then(
      ({ type, body }) => response.setHeader("content-type", type).end(body),
      (error: unknown) => refuse(response, error),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new CutoverError(
          "CONFIG_INVALID",
          `The ledger cannot listen on port ${port}: ${error.message}`,
          {
            cause: error,
          },
        ),
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  server.unref();
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** A page of another origin reaches loopback by a name of its own: only our names are answered. */
const ownHosts = new Set(["127.0.0.1", "localhost", "[::1]"]);

class NotFound extends Error {}

async function answer(served: Served, request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "unknown"}`);
  if (!ownHosts.has(url.hostname)) throw new SqlRefused(`Host ${url.hostname} is not this ledger.`);
  const route = routes[`${request.method} ${url.pathname}`];
  if (route === undefined) {
    throw new NotFound(`Nothing at ${url.pathname}. There is: ${Object.keys(routes).join(", ")}.`);
  }
  return route(served, request, url);
}

const json = (value: unknown): Reply => ({
  type: "application/json",
  body: `${JSON.stringify(value)}\n`,
});

const routes: Readonly<Record<string, Answer>> = {
  "GET /livez": async () => ({ type: "text/plain", body: "ok\n" }),
  "GET /metrics": async ({ metrics }) => ({
    type: metrics.registry.contentType,
    body: await metrics.registry.metrics(),
  }),
  "GET /position": async (served) => json(served.positions()),
  "GET /status": async (served) => json(await served.status()),
  "GET /report": async (served) => json(await served.report()),
  "GET /reconciliation": async ({ database, fresh }) => {
    await fresh();
    return json(await database.select("SELECT * FROM reconciliation"));
  },
  "GET /differences": async ({ database, fresh }) => {
    await fresh();
    return json(
      await database.select("SELECT * FROM field_difference ORDER BY object, key, field"),
    );
  },
  "GET /explain": async ({ database, fresh }, _request, url) => {
    await fresh();
    return json(
      await explainRecord(
        database,
        url.searchParams.get("object") ?? "",
        url.searchParams.get("key") ?? "",
      ),
    );
  },
  "POST /query": async ({ database, fresh, found }, request, url) => {
    const format = (url.searchParams.get("format") ?? "JSONEachRow") as TextFormat;
    if (!textFormats.includes(format)) {
      throw new SqlRefused(`Formats here: ${textFormats.join(", ")}.`);
    }
    const sql = await passGate(database, await bodyOf(request));
    if (names(sql, findingViews)) await found();
    else if (names(sql, [...stateViews, ...judgedTables])) await fresh();
    return { type: "text/plain; charset=utf-8", body: await database.text(`${sql}\n`, format) };
  },
};

/** States and findings are worked out only for those who ask for them. */
function names(sql: string, views: readonly string[]): boolean {
  return views.some((name) => new RegExp(`\\b${name}\\b`).test(sql));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk as string;
    if (text.length > largestStatement) throw new SqlRefused("The statement is too long.");
  }
  return text;
}

function refuse(response: ServerResponse, error: unknown): void {
  const status =
    error instanceof NotFound
      ? 404
      : error instanceof SqlRefused || error instanceof LedgerQueryError
        ? 400
        : 500;
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(`${JSON.stringify({ error: (error as Error).message })}\n`);
}
