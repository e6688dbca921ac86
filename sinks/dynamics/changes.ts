import { CutoverError } from "../../pipeline/core/errors.ts";
import { changeNews, sentAt } from "../change-news.ts";
import type { ChangeNews, ChangeRead, DestinationRow } from "../sink.ts";
import type { DynamicsClient, DynamicsReply } from "./client.ts";
import type { FileDigests } from "./file-digests.ts";
import { batchReplies, batchText, isMultipart, type PartReply } from "./multipart.ts";
import { rowsOf } from "./observe.ts";
import { replyError } from "./reply-error.ts";
import { pageHeaders, pagesFrom, rowsPath } from "./row-pages.ts";
import { type ReadParts, type RowReading, rowReading } from "./row-reading.ts";

/** Most tables whose changes are asked for together: more than the mappings fill. */
export const mostReads = 20;

/** Rows of a page: the first pages of all tables come as one answer. */
const pageRows = 500;

interface Asked {
  readonly reading: RowReading;
  /** What its part of the answer is called. */
  readonly name: string;
}

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
  const asked: Asked[] = [];
  const requests: { readonly path: string; readonly contentId: string }[] = [];
  for (const { plan, since } of reads) {
    try {
      const reading = await rowReading(parts, plan);
      const name = String(asked.length + 1);
      const filter = `${reading.ours} and modifiedon ge ${secondOf(since)}`;
      asked.push({ reading, name });
      requests.push({ path: rowsPath(reading, filter), contentId: name });
    } catch (error) {
      if (!(error instanceof CutoverError)) throw error;
      yield { kind: "failed", plan, error };
    }
  }
  if (asked.length === 0) return;
  const begun = performance.now();
  const reply = await readBatch(parts.client, requests);
  const at = sentAt(reply.headers, performance.now() - begun, parts.client.serverTime);
  const answers = answersOf(asked, reply);
  for (const { reading, name } of asked) {
    const rows = changedRows(parts, reading, answers.get(name), digests);
    // A page that is done with makes room for those behind it.
    answers.delete(name);
    yield* changeNews(reading.plan, at, rows);
  }
}

function secondOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function readBatch(
  client: DynamicsClient,
  requests: readonly { readonly path: string; readonly contentId: string }[],
): Promise<DynamicsReply> {
  const headers = pageHeaders(pageRows);
  const { contentType, body } = batchText(
    requests.map((each) => ({ method: "GET" as const, headers, ...each })),
  );
  return client.call({
    ...{ api: "batch_query", method: "POST", path: "$batch", contentType, body },
    headers: { Prefer: "odata.continue-on-error" },
  });
}

/** Answers by the Content-ID they carry; where they carry none by their order, which counts only when each has its answer. */
function answersOf(asked: readonly Asked[], reply: DynamicsReply): Map<string, PartReply> {
  const type = reply.headers["content-type"] ?? "";
  const answers = isMultipart(type) ? batchReplies(type, reply.body).flat() : [];
  const inOrder = answers.length === asked.length;
  const named = answers.map((answer, at) => {
    const name = answer.contentId ?? (inOrder ? asked[at]?.name : undefined);
    return [name ?? "", answer] as const;
  });
  return new Map(named);
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
