import { createReadStream } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { CutoverError } from "../../pipeline/core/errors.ts";
import type { SinkGroup } from "../sink.ts";
import { setJobState } from "./bulk.ts";
import { type Columns, columnsOf, fieldCell, fills, keyCell, uploadRows } from "./bulk-rows.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import { csvPieces } from "./csv.ts";
import type { StreamedBody } from "../transport.ts";
import type { Turn } from "../turn.ts";

/** Salesforce takes 150 MB after base64 (Bulk API 2.0 limits), that is 100 MB of text. */
const mostBytes = 100 * 1024 * 1024;

/** Where uploads are written before they leave. */
export interface Spooling {
  readonly folder: string;
  /** Written one after another, the first leaves long before the last is written. */
  readonly turn: Turn<string>;
}

/** Uploads the rows in one piece and closes the job; on any error the job's state decides. */
export async function uploadJob(
  client: SalesforceClient,
  jobId: string,
  group: SinkGroup,
  { folder, turn }: Spooling,
): Promise<void> {
  const file = join(folder, `${jobId}.csv`);
  try {
    await turn.take(jobId);
    const body = await spool(file, group).finally(() => turn.free(jobId));
    await client.refresh();
    const reply = await client.stream({
      api: "bulk_upload",
      method: "PUT",
      path: `jobs/ingest/${jobId}/batches`,
      body,
      contentType: "text/csv; charset=utf-8",
      write: true,
    });
    for await (const _rest of reply.body);
  } finally {
    await rm(file, { force: true });
  }
  await setJobState(client, jobId, "UploadComplete");
}

/** Rows that tell which columns the others fill, too: reading all of them for it costs as much as the upload. */
const firstRows = 200;

/** Writes the upload to a file; where a later row fills a column the first ones do not, it is begun anew. */
async function spool(file: string, group: SinkGroup): Promise<StreamedBody> {
  await mkdir(join(file, ".."), { recursive: true });
  const usual = await spoolColumns(file, group, columnsOf(group, firstRows));
  const all = Number.POSITIVE_INFINITY;
  const upload = usual ?? (await spoolColumns(file, group, columnsOf(group, all)));
  if (upload !== undefined) return upload;
  throw new CutoverError("SINK_UNAVAILABLE", "What rows refer to has changed as they were read.");
}

/** A few rows at a time: a job of 10,000 rows is 12 MB and more. Undefined where the columns do not suffice. */
async function spoolColumns(
  file: string,
  group: SinkGroup,
  columns: Columns,
): Promise<StreamedBody | undefined> {
  const handle = await open(file, "w", 0o600);
  const upload = uploadOf(group, columns);
  let bytes = 0;
  try {
    for (const piece of csvPieces(upload.header, upload.rows)) {
      if (upload.lacks()) return undefined;
      const { bytesWritten } = await handle.write(piece);
      bytes += bytesWritten;
      if (bytes > mostBytes) {
        throw new CutoverError("SINK_SYSTEM_UNKNOWN", "An upload would be larger than 100 MB.");
      }
    }
  } finally {
    await handle.close();
  }
  return { bytes, open: () => createReadStream(file, { highWaterMark: 256 * 1024 }) };
}

interface Upload {
  readonly header: readonly string[];
  readonly rows: Iterable<readonly string[]>;
  /** Whether a row read so far fills a column that is not there. */
  lacks(): boolean;
}

/** Header and cells of an upload: our key first, because results come in any order. */
function uploadOf(group: SinkGroup, { filled, empty }: Columns): Upload {
  const { plan, operation } = group;
  if (operation === "delete") {
    const rows = map(uploadRows(group), ({ id }) => [id as string]);
    return { header: ["Id"], rows, lacks: () => false };
  }
  const names = filled.map(({ name }) => name);
  let lacks = false;
  const keyed = plan.keyField === "" ? [] : [plan.keyField];
  const header = operation === "insert" ? [...keyed, ...names] : ["Id", ...keyed, ...names];
  const rows = map(uploadRows(group), (row) => {
    const cells = operation === "insert" ? [] : [row.id as string];
    if (keyed.length > 0) cells.push(keyCell(plan.keyField, row));
    for (const field of filled) cells.push(fieldCell(field, row));
    lacks ||= empty.some((field) => fills(row, field));
    return cells;
  });
  return { header, rows, lacks: () => lacks };
}

function* map<T, U>(items: Iterable<T>, change: (item: T) => U): Generator<U> {
  for (const item of items) yield change(item);
}
