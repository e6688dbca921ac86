import { createReadStream } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { CutoverError } from "../../pipeline/core/errors.ts";
import type { SinkGroup } from "../sink.ts";
import { setJobState } from "./bulk.ts";
import { columnsOf, fieldCell, keyCell, uploadRows } from "./bulk-rows.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import { csvPieces } from "./csv.ts";
import type { StreamedBody } from "../transport.ts";

/** Salesforce takes 150 MB after base64 (Bulk API 2.0 limits), that is 100 MB of text. */
const mostBytes = 100 * 1024 * 1024;

/** Uploads the rows in one piece and closes the job; on any error the job's state decides. */
export async function uploadJob(
  client: SalesforceClient,
  jobId: string,
  group: SinkGroup,
  spoolFolder: string,
): Promise<void> {
  const file = join(spoolFolder, `${jobId}.csv`);
  try {
    const body = await spool(file, group);
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

/** Writes the upload to a file, a few rows at a time: a job of 10,000 rows is 12 MB and more. */
async function spool(file: string, group: SinkGroup): Promise<StreamedBody> {
  await mkdir(join(file, ".."), { recursive: true });
  const handle = await open(file, "w", 0o600);
  let bytes = 0;
  try {
    for (const piece of csvPieces(...uploadOf(group))) {
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

/** Header and cells of an upload: our key first, because results come in any order. */
function uploadOf(group: SinkGroup): [string[], Iterable<string[]>] {
  const { plan, operation } = group;
  if (operation === "delete") {
    return [["Id"], map(uploadRows(group), ({ id }) => [id as string])];
  }
  const fields = columnsOf(group);
  const names = fields.map(({ name }) => name);
  const keyed = plan.keyField === "" ? [] : [plan.keyField];
  const header = operation === "insert" ? [...keyed, ...names] : ["Id", ...keyed, ...names];
  const rows = map(uploadRows(group), (row) => {
    const cells = operation === "insert" ? [] : [row.id as string];
    if (keyed.length > 0) cells.push(keyCell(plan.keyField, row));
    for (const field of fields) cells.push(fieldCell(field, row));
    return cells;
  });
  return [header, rows];
}

function* map<T, U>(items: Iterable<T>, change: (item: T) => U): Generator<U> {
  for (const item of items) yield change(item);
}
