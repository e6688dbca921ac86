import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Attachment } from "../../pipeline/core/generated/records.ts";
import { compileStreams } from "../../pipeline/source/compiled-stream.ts";
import { openHttp } from "../../pipeline/source/http.ts";
import type { Profile, StreamProfile } from "../../pipeline/source/profile.ts";
import { spoolingReader } from "../../pipeline/source/spool.ts";
import { sourceSchema } from "../../pipeline/source/source-schema.ts";
import type { Page, StreamReader } from "../../pipeline/source/stream-reader.ts";
import { testStage } from "../kafka-connection.ts";

type Row = { readonly id: string } & Readonly<Record<string, unknown>>;

/** A source of files: what it answers, what it was asked, and a reader that spools. */
export interface FileTenant {
  /** Answers by path. */
  readonly answers: Map<string, (req: IncomingMessage, res: ServerResponse) => void>;
  /** Paths asked for, in order. */
  readonly asked: string[];
  /** Rows as the source has them now, for whoever asks by id. */
  readonly rows: Map<string, Row>;
  readonly known: Map<string, Attachment>;
  readonly reader: StreamReader;
  address(path: string): string;
  /** The page of one scan over the rows given. */
  page(...rows: readonly Row[]): Promise<Page>;
  close(): Promise<void>;
}

const signal = new AbortController().signal;

/** Starts it; retries are quick and few. */
export async function fileTenant(
  blobFolder: string,
  { maxBytes = 1000, auth }: { readonly maxBytes?: number; readonly auth?: object } = {},
): Promise<FileTenant> {
  const answers: FileTenant["answers"] = new Map();
  const asked: string[] = [];
  const server = createServer((req, res) => {
    const path = new URL(String(req.url), "http://here").pathname;
    asked.push(path);
    const answer = answers.get(path);
    if (answer === undefined) res.writeHead(404).end();
    else answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const source = sourceSchema.parse({
    name: "files",
    base_url: origin,
    auth: auth ?? { type: "none" },
    error_handler: { max_retries: 2, backoff: { initial: "1ms", max: "2ms" } },
  });
  const stream = streamOf(maxBytes, auth === undefined ? "none" : "source");
  const profile: Profile = { source, streams: [stream] };
  const [compiled] = compileStreams(profile);
  const rows = new Map<string, Row>();
  const known = new Map<string, Attachment>();
  const stage = testStage("files");
  const http = openHttp(source, stage);
  const pageOf = (some: readonly Row[]): Page => {
    const now = Date.now();
    return {
      rows: some,
      size: 0,
      textOf: () => "",
      requestedAt: now,
      serverTime: now,
      state: {},
      last: true,
    };
  };
  let listed: readonly Row[] = [];
  const plain: StreamReader = {
    async *pages() {
      yield pageOf(listed);
    },
    one: (id) => Promise.resolve(rows.has(id) ? pageOf([rows.get(id) as Row]) : undefined),
    async *census() {},
  };
  const reader = spoolingReader(plain, {
    baseUrl: origin,
    ...{ http, blobFolder, timezone: "UTC", concurrency: 3, log: stage.log },
    stream: compiled as NonNullable<typeof compiled>,
    rules: stream.download as NonNullable<typeof stream.download>,
    known: (id) => Promise.resolve(known.get(id)),
  });
  return {
    ...{ answers, asked, rows, known, reader },
    address: (path) => `${origin}${path}`,
    async page(...some) {
      listed = some;
      const { value } = await reader.pages("beginning", signal).next();
      return value as Page;
    },
    async close() {
      await http.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function streamOf(maxBytes: number, auth: "none" | "source"): StreamProfile {
  return {
    ...{ name: "attachments", entity: "attachment", path: "/attachments", primary_key: "id" },
    ...{ data_selector: "$.data[*]", page_size: 100, page_size_param: undefined },
    ...{ by_id: "/attachments/{id}", params: {}, volatile: [], children: [], optional: false },
    poll: { fast: 1000, full: 1000 },
    paginator: { type: "page_number", page_param: "page", base_page: 1 },
    incremental: {
      ...{ type: "token", start_param: "from", cursor_field: "at", datetime_format: "iso8601" },
      ...{ cursor_granularity: 1000, lookback_window: 1000, settle: 0 },
    },
    deletes: { type: "feed", field: "active", deleted_when: false, params: {} },
    download: {
      ...{
        auth,
        url: "$.url",
        expires: "$.until",
        refetch_on: [403, 410],
        max_bytes: maxBytes,
        hosts: [],
      },
    },
    fields: {
      ...{ parent_type: "$.on", parent_id: "$.of", file_name: "$.name", size: "$.size" },
      ...{ url: "$.url", updated_at: "$.changed", active: "$.active" },
    },
  };
}
