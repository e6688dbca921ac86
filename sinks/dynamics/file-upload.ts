import { randomUUID } from "node:crypto";
import type { FileBytes } from "../file-bytes.ts";
import { refuseForUs, rowError } from "./call-faults.ts";
import type { DynamicsClient } from "./client.ts";
import { answers, type ServiceError } from "./errors.ts";

/** Bytes of one block (Microsoft: 4 MB at most). */
const blockBytes = 4 * 1024 * 1024;

/** What became of an upload: the bytes that stand there now, or why it was refused. */
export type Uploaded = { readonly bytes: number } | ServiceError;

/**
 * Puts a file into a note that is there already, block by block: one block is in memory at a time.
 * Nothing of it shows before the last call, so that a crash between leaves the note as it was.
 */
export async function uploadBlocks(
  client: DynamicsClient,
  note: { readonly id: string; readonly filename: unknown; readonly mimetype: unknown },
  file: FileBytes,
): Promise<Uploaded> {
  const Target: Record<string, unknown> = {
    "@odata.type": "Microsoft.Dynamics.CRM.annotation",
    annotationid: note.id,
  };
  if (typeof note.filename === "string") Target["filename"] = note.filename;
  if (typeof note.mimetype === "string") Target["mimetype"] = note.mimetype;
  const begun = await post(client, "InitializeAnnotationBlocksUpload", { Target });
  if ("error" in begun) return begun.error;
  const { FileContinuationToken } = JSON.parse(begun.body) as { FileContinuationToken: string };
  const BlockList: string[] = [];
  for await (const block of blocksOf(file)) {
    const BlockId = Buffer.from(randomUUID()).toString("base64");
    const BlockData = block.toString("base64");
    const sent = await post(client, "UploadBlock", { BlockId, BlockData, FileContinuationToken });
    if ("error" in sent) return sent.error;
    BlockList.push(BlockId);
  }
  const order = { Target, BlockList, FileContinuationToken };
  const done = await post(client, "CommitAnnotationBlocksUpload", order);
  if ("error" in done) return done.error;
  return { bytes: (JSON.parse(done.body) as { FileSizeInBytes: number }).FileSizeInBytes };
}

async function post(
  client: DynamicsClient,
  action: string,
  body: object,
): Promise<{ readonly body: string } | { readonly error: ServiceError }> {
  const reply = await client.call({
    api: "files",
    method: "POST",
    path: action,
    body: JSON.stringify(body),
    write: true,
    accept: answers,
  });
  const error = rowError(reply);
  if (error === undefined) return { body: reply.body };
  refuseForUs(client, error, null);
  return { error };
}

/** A file in whole blocks, whatever pieces it is read in. */
async function* blocksOf(file: FileBytes): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of file.open()) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + blockBytes - bytes);
      pieces.push(part);
      [at, bytes] = [at + part.length, bytes + part.length];
      if (bytes < blockBytes) continue;
      yield Buffer.concat(pieces);
      [pieces, bytes] = [[], 0];
    }
  }
  if (bytes > 0) yield Buffer.concat(pieces);
}
