import { CutoverError } from "../../pipeline/core/errors.ts";
import { changeNews, sentAt } from "../change-news.ts";
import type { ChangeNews, ChangeRead, DestinationRow } from "../sink.ts";
import { type BatchRead, readBatch } from "./batch-read.ts";
import type { FileDigests } from "./file-digests.ts";
import type { PartReply } from "./multipart.ts";
import { rowsOf } from "./observe.ts";
import { replyError } from "./reply-error.ts";
import { pageHeaders, pagesFrom, rowsPath } from "./row-pages.ts";
import { type ReadParts, type RowReading, rowReading } from "./row-reading.ts";

/** Most tables whose changes are asked for together: more than the mappings fill. */
export const mostReads = 20;

/** Rows of a page: the first pages of all tables come as one answer. */
const pageRows = 500;

/**
 * Rows of several tables that changed since: one batch, and a call for each further page. The service
 * names deleted rows only to those who follow every change of a table, others' too, and by their ids
 * alone: that a row is gone shows when all are read.
 */
export async function* changes(
  parts: ReadParts,
  reads: readonly ChangeRead[],
  digests: FileDigests,
): AsyncGenerator<ChangeNews> {
  const asked: RowReading[] = [];
  const requests: BatchRead[] = [];
  const headers = pageHeaders(pageRows);
  for (const { plan, since } of reads) {
    try {
      const reading = await rowReading(parts, plan);
      const filter = `${reading.ours} and modifiedon ge ${secondOf(since)}`;
      asked.push(reading);
      requests.push({ path: rowsPath(reading, filter), headers });
    } catch (error) {
      if (!(error instanceof CutoverError)) throw error;
      yield { kind: "failed", plan, error };
    }
  }
  if (asked.length === 0) return;
  const begun = performance.now();
  const reply = await readBatch(parts.client, requests);
  const at = sentAt(reply.headers, performance.now() - begun, parts.client.serverTime);
  for (const [place, reading] of asked.entries()) {
    const rows = changedRows(parts, reading, reply.answers[place], digests);
    // A page that is done with makes room for those behind it.
    reply.answers[place] = undefined;
    yield* changeNews(reading.plan, at, rows);
  }
}

function secondOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

async function* changedRows(
  parts: ReadParts,
  reading: RowReading,
  answer: PartReply | undefined,
  digests: FileDigests,
): AsyncGenerator<readonly DestinationRow[]> {
  const first = pageOf(reading, answer);
  for await (const page of pagesFrom(parts.client, reading, first, pageHeaders(pageRows))) {
    if (page.length > 0) yield await rowsOf(parts, reading, page, digests);
  }
}

/** A page names the set it is of: another's is no answer. */
function pageOf({ table: { set } }: RowReading, answer: PartReply | undefined): string {
  if (answer !== undefined && answer.status >= 300) {
    throw replyError(answer, `changes of ${set}`, false);
  }
  const context = /"@odata\.context"\s*:\s*"[^"]*#([\w.]+)/.exec(answer?.body ?? "")?.[1];
  if (answer?.status === 200 && context === set) return answer.body;
  throw new CutoverError("SINK_UNAVAILABLE", `Dynamics: no answer to the changes of ${set}.`);
}
