import type { FileBytes } from "../file-bytes.ts";
import { refuseForUs, rowError } from "./call-faults.ts";
import type { DynamicsClient } from "./client.ts";
import { answers, type ServiceError } from "./errors.ts";
import { fileBlocks } from "./file-blocks.ts";

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
  for await (const { id, body } of fileBlocks(file, FileContinuationToken)) {
    const sent = await post(client, "UploadBlock", body);
    if ("error" in sent) return sent.error;
    BlockList.push(id);
  }
  const order = { Target, BlockList, FileContinuationToken };
  const done = await post(client, "CommitAnnotationBlocksUpload", order);
  if ("error" in done) return done.error;
  return { bytes: (JSON.parse(done.body) as { FileSizeInBytes: number }).FileSizeInBytes };
}

async function post(
  client: DynamicsClient,
  action: string,
  body: Buffer | object,
): Promise<{ readonly body: string } | { readonly error: ServiceError }> {
  const reply = await client.call({
    api: "files",
    method: "POST",
    path: action,
    body: Buffer.isBuffer(body) ? body : JSON.stringify(body),
    write: true,
    accept: answers,
  });
  const error = rowError(reply);
  if (error === undefined) return { body: reply.body };
  refuseForUs(client, error, null);
  return { error };
}
