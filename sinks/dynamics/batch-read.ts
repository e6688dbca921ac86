import type { DynamicsClient, DynamicsReply } from "./client.ts";
import { batchReplies, batchText, isMultipart, type PartReply } from "./multipart.ts";

/** One read of a batch. */
export interface BatchRead {
  /** Below the API's root. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends reads as one call; their answers stand in the reads' order, undefined where none came. Answers
 * are known by the Content-ID they carry; where they carry none by their order, which counts only when
 * each has its answer.
 */
export async function readBatch(
  client: Pick<DynamicsClient, "call">,
  reads: readonly BatchRead[],
  api = "batch_query",
): Promise<{
  readonly headers: DynamicsReply["headers"];
  readonly answers: (PartReply | undefined)[];
}> {
  const { contentType, body } = batchText(
    reads.map((read, at) => ({ method: "GET" as const, ...read, contentId: String(at + 1) })),
  );
  const reply = await client.call({
    ...{ api, method: "POST", path: "$batch", contentType, body },
    headers: { Prefer: "odata.continue-on-error" },
  });
  const type = reply.headers["content-type"] ?? "";
  const replies = isMultipart(type) ? batchReplies(type, reply.body).flat() : [];
  const inOrder = replies.length === reads.length;
  const named = new Map(
    replies.map((one, at) => [one.contentId ?? (inOrder ? String(at + 1) : ""), one] as const),
  );
  return { headers: reply.headers, answers: reads.map((_, at) => named.get(String(at + 1))) };
}
