import { createHash } from "node:crypto";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { SinkRow } from "../sink.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import type { CollectionReply } from "./collections.ts";
import type { WriteHeaders } from "./composite.ts";
import { codesOf, isSystemCode, type Refusal, refusal, replyError } from "./errors.ts";
import { type FileBytes, wholeOf } from "../file-bytes.ts";
import { type FileVersion, fileField } from "./file-versions.ts";
import { multipart } from "./multipart.ts";
import { restOf } from "../transport.ts";
import { jsonOf } from "./values.ts";

/** A file on its way. */
export interface Upload {
  readonly plan: ObjectPlan;
  readonly row: SinkRow;
  readonly bytes: FileBytes;
  /** The version it replaces; undefined: a document of its own. */
  readonly replaces: FileVersion | undefined;
}

/** What was said of an upload: the id of its version with the MD5 of what left, or a refusal. */
export type Uploaded = { readonly id: string; readonly md5: string } | Refusal;

/** Files up to this size go several to a call; larger ones are streamed one by one. */
const smallBytes = 256 * 1024;
/** Bytes of one call of small files, and their number: it is whole in memory, as base64. */
const callBytes = 2 * 1024 * 1024;
const callRows = 200;

/** Uploads as calls: small ones together, each large one alone. */
export function uploadCalls(uploads: readonly Upload[]): readonly (readonly Upload[])[] {
  const calls: Upload[][] = uploads.filter((each) => !isSmall(each)).map((each) => [each]);
  let open: Upload[] = [];
  let bytes = 0;
  for (const upload of uploads.filter(isSmall)) {
    if (open.length === callRows || bytes + upload.bytes.size > callBytes) {
      calls.push(open);
      [open, bytes] = [[], 0];
    }
    open.push(upload);
    bytes += upload.bytes.size;
  }
  if (open.length > 0) calls.push(open);
  return calls;
}

function isSmall({ bytes }: Upload): boolean {
  return bytes.size <= smallBytes;
}

/** Sends one call; a reply whose order is not proven yet, row by row. */
export async function uploadFiles(
  client: SalesforceClient,
  headers: WriteHeaders,
  uploads: readonly Upload[],
): Promise<readonly (Uploaded | undefined)[]> {
  const [first] = uploads;
  if (first === undefined) return [];
  if (!isSmall(first)) return [await uploadOne(client, headers, first)];
  return uploadSome(client, headers, uploads);
}

async function uploadSome(
  client: SalesforceClient,
  headers: WriteHeaders,
  uploads: readonly Upload[],
): Promise<readonly (Uploaded | undefined)[]> {
  const records: object[] = [];
  const digests: string[] = [];
  for (const upload of uploads) {
    const { plan, bytes } = upload;
    const whole = await wholeOf(bytes);
    digests.push(createHash("md5").update(whole).digest("hex"));
    const attributes = { type: plan.object };
    const data = { [fileField(plan)]: whole.toString("base64") };
    records.push({ attributes, ...fileRecord(upload), ...data });
  }
  const reply = await client.call({
    api: "files",
    method: "POST",
    path: "composite/sobjects",
    headers,
    body: JSON.stringify({ allOrNone: false, records }),
    write: true,
  });
  const replies = JSON.parse(reply.body) as readonly CollectionReply[];
  if (replies.length !== uploads.length) return [];
  return replies.map(({ success, id, errors }, at) => {
    if (success) return { id: id as string, md5: digests[at] as string };
    const [error] = errors;
    const { keyField } = (uploads[at] as Upload).plan;
    return refusal(error?.statusCode ?? "UNKNOWN_ROW_ERROR", error?.message ?? "", [], keyField);
  });
}

/** One file as multipart: streamed from the blob folder, so that its size costs no memory. */
async function uploadOne(
  client: SalesforceClient,
  headers: WriteHeaders,
  upload: Upload,
): Promise<Uploaded> {
  const { plan, bytes } = upload;
  let hash = createHash("md5");
  const hashed: FileBytes = {
    size: bytes.size,
    async *open() {
      hash = createHash("md5");
      for await (const part of bytes.open()) {
        hash.update(part);
        yield part;
      }
    },
  };
  const { contentType, body } = multipart(fileRecord(upload), fileField(plan), hashed);
  await client.refresh();
  const reply = await client.stream({
    api: "files",
    method: "POST",
    path: `sobjects/${plan.object}`,
    headers,
    contentType,
    body,
    write: true,
    accept: [400, 403, 413],
  });
  const text = await restOf(reply);
  if (reply.statusCode < 300) {
    return { id: (JSON.parse(text) as { id: string }).id, md5: hash.digest("hex") };
  }
  if (reply.statusCode === 413) return refusal("FILE_TOO_LARGE", "HTTP 413", [], plan.keyField);
  const [said] = codesOf(text);
  if (said === undefined || isSystemCode(said.code)) {
    throw replyError(reply.statusCode, text, "files", true);
  }
  return refusal(said.code, said.message, [], plan.keyField);
}

/** The record of a new version: its own document's fields only where it begins one. */
function fileRecord({ plan, row, replaces }: Upload): Record<string, unknown> {
  const record: Record<string, unknown> = { [plan.keyField]: row.key };
  if (replaces !== undefined) record["ContentDocumentId"] = replaces.documentId;
  for (const field of plan.fields) {
    const value = row.fields[field.name];
    if (value === undefined || field.type === "file" || field.name === plan.keyField) continue;
    // A new version belongs to its document: it is not published anywhere anew.
    if (replaces !== undefined && field.name === "FirstPublishLocationId") continue;
    record[field.name] = jsonOf(field, value);
  }
  return record;
}
