import { CutoverError } from "../../pipeline/core/errors.ts";
import {
  type JobState,
  type RowResult,
  type RowResults,
  resultKey,
  type SinkGroup,
} from "../sink.ts";
import { fieldCell, uploadRows } from "./bulk-rows.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import { csvRows } from "./csv.ts";
import { bulkRefusal } from "./errors.ts";
import { contentMatcher } from "./match-results.ts";
import { type PartResult, partResults } from "./part-results.ts";

/** Names the row of a group that a result row belongs to; undefined: none we can tell. */
type RowOf = (
  cells: readonly string[],
) => { readonly key: string; readonly part: number } | undefined;

const ends = { insert: "created", update: "updated", delete: "deleted" } as const;

/**
 * Results by key. Result files are read as they come, and of each row only whose it is, its id or its
 * refusal are kept. Throws SINK_UNAVAILABLE where they hold fewer rows than the job says it processed,
 * SINK_SCHEMA_MISMATCH where the org could not take the file itself.
 */
export async function jobResults(
  client: SalesforceClient,
  jobId: string,
  group: SinkGroup,
  ended: JobState | undefined,
): Promise<RowResults> {
  const { plan, operation } = group;
  const parts = partResults(group);
  let rowOf: RowOf | undefined;
  let read = 0;
  for (const file of filesOf(ended)) {
    let header: readonly string[] | undefined;
    for await (const row of csvRows(await fileOf(client, jobId, file))) {
      if (header === undefined) {
        header = row.map((name) => name.toLowerCase());
        rowOf ??= matcherOf(group, header, jobId);
        continue;
      }
      read += 1;
      const of = rowOf?.(row);
      if (of === undefined) continue;
      parts.add(of.key, of.part, resultOf(file === "failedResults", header, row));
    }
  }
  if (ended !== undefined && read !== ended.processed) {
    const message = `Job ${jobId} processed ${ended.processed} rows, its results name ${read}.`;
    throw new CutoverError("SINK_UNAVAILABLE", message);
  }
  if (ended?.state === "failed" && /^InvalidBatch/.test(ended.message ?? "")) {
    throw new CutoverError("SINK_SCHEMA_MISMATCH", `Bulk job ${jobId}: ${ended.message}`);
  }
  const results = new Map<string, RowResult>();
  for (const [key, result] of parts.all()) results.set(resultKey(plan.object, key), result);
  return results;

  function resultOf(
    failed: boolean,
    header: readonly string[],
    row: readonly string[],
  ): PartResult {
    // Copies: a slice would keep the whole piece of the file in memory as long as it lives.
    const cell = (name: string): string => alone(row[header.indexOf(name)] ?? "");
    if (failed) return bulkRefusal(cell("sf__error"), plan.keyField);
    return { kind: ends[operation], destinationId: cell("sf__id") };
  }
}

/** The files that hold rows: each costs a call. */
function filesOf(ended: Pick<JobState, "processed" | "failed"> | undefined) {
  const files: ("successfulResults" | "failedResults")[] = [];
  if (ended === undefined || ended.processed > ended.failed) files.push("successfulResults");
  if (ended === undefined || ended.failed > 0) files.push("failedResults");
  return files;
}

/** Inserts carry our key in the upload, or are known by what they hold; the rest by the row's id. */
function matcherOf(group: SinkGroup, header: readonly string[], jobId: string): RowOf {
  const { plan, operation } = group;
  if (operation === "insert" && plan.keyField === "") return byContent(group, header);
  const column = operation === "insert" ? plan.keyField : "Id";
  const place = header.indexOf(column.toLowerCase(), 2);
  const rows = new Map<string, { key: string; part: number }>();
  for (const { key, part, id } of uploadRows(group)) {
    const name = operation === "insert" ? (part === 1 ? key : `${key}/${part}`) : (id as string);
    rows.set(name, { key, part });
  }
  return (cells) => {
    const name = cells[place] ?? "";
    const row = rows.get(name);
    if (row !== undefined) return row;
    throw new CutoverError(
      "SINK_SYSTEM_UNKNOWN",
      `Job ${jobId} returned a row that was not sent in it: ${name}.`,
    );
  };
}

/**
 * Rows without a key column are matched by every echoed column. A record that has not been read again
 * since a restart cannot be, so that its fate is asked for.
 */
function byContent(group: SinkGroup, header: readonly string[]): RowOf {
  const { plan } = group;
  const names = header.slice(2);
  const byName = new Map(plan.fields.map((field) => [field.name.toLowerCase(), field]));
  const columns = names.map((name) => byName.get(name));
  const matcher = contentMatcher(sent());
  return (cells) => matcher.take(cells.slice(2));

  function* sent() {
    for (const row of uploadRows(group)) {
      if (Object.keys(row.fields).length === 0) continue;
      const cells = columns.map((field) => (field === undefined ? "" : fieldCell(field, row)));
      yield { key: row.key, part: row.part, cells };
    }
  }
}

function alone(slice: string): string {
  return Buffer.from(slice).toString();
}

async function fileOf(client: SalesforceClient, jobId: string, which: string) {
  const reply = await client.stream({
    api: "bulk_results",
    method: "GET",
    path: `jobs/ingest/${jobId}/${which}`,
    headers: { accept: "text/csv" },
  });
  return reply.body;
}
