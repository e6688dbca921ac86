import type { Environment } from "../environment.ts";
import { newGuid } from "../identifier.ts";
import { badArgument } from "../web/api-error.ts";
import type { Call, Reply, Resource } from "../web/call.ts";
import { draftOf } from "../write/payload.ts";
import { writerOf } from "../write/writer.ts";
import { checkName, checkSize } from "./rules/annotation.ts";

const mostBytes = 4 * 1_024 * 1_024;

/** Uploads and downloads under way; a restart forgets them, as the service forgets them after a while. */
const transfers = new WeakMap<Environment, Map<string, Transfer>>();

interface Transfer {
  readonly blocks: Map<string, Buffer>;
  /** Of a download. */
  readonly file?: Buffer;
}

/** The file of a note in blocks of 4 MB, up and down. */
export const noteBlockResources: readonly Resource[] = [
  { name: "InitializeAnnotationBlocksUpload", handle: beginUpload },
  { name: "UploadBlock", handle: uploadBlock },
  { name: "CommitAnnotationBlocksUpload", handle: commit },
  { name: "InitializeAnnotationBlocksDownload", handle: beginDownload },
  { name: "DownloadBlock", handle: downloadBlock },
];

function bodyOf(call: Call): Record<string, unknown> {
  if (typeof call.body === "object" && call.body !== null)
    return call.body as Record<string, unknown>;
  throw badArgument("The parameters are missing.");
}

function answer(call: Call, json: object): Reply {
  const type = `${call.segments[0]?.name ?? ""}Response`;
  const context = `${call.base}/$metadata#Microsoft.Dynamics.CRM.${type}`;
  return { status: 200, json: { "@odata.context": context, ...json } };
}

function open(env: Environment, transfer: Transfer): string {
  const all = transfers.get(env) ?? new Map<string, Transfer>();
  transfers.set(env, all);
  const token = Buffer.from(newGuid()).toString("base64");
  all.set(token, transfer);
  return token;
}

function transferOf({ env }: Call, token: unknown): Transfer {
  const found = transfers.get(env)?.get(String(token));
  if (found === undefined) throw badArgument("The FileContinuationToken is not known.");
  return found;
}

function beginUpload(call: Call): Reply {
  const target = bodyOf(call)["Target"];
  const name = (target as Record<string, unknown> | undefined)?.["filename"];
  if (typeof name === "string") checkName(call.env, name);
  return answer(call, { FileContinuationToken: open(call.env, { blocks: new Map() }) });
}

function uploadBlock(call: Call): Reply {
  const { BlockId, BlockData, FileContinuationToken } = bodyOf(call);
  const transfer = transferOf(call, FileContinuationToken);
  if (typeof BlockId !== "string" || typeof BlockData !== "string")
    throw badArgument("BlockId and BlockData are needed.");
  const block = Buffer.from(BlockData, "base64");
  if (block.length > mostBytes) throw badArgument("A block holds 4 MB at most.");
  transfer.blocks.set(BlockId, block);
  return { status: 204 };
}

function commit(call: Call): Reply {
  const { env, caller } = call;
  const { Target, BlockList, FileContinuationToken } = bodyOf(call);
  const { blocks } = transferOf(call, FileContinuationToken);
  const parts = (Array.isArray(BlockList) ? BlockList : []).map((id: unknown) => {
    const block = blocks.get(String(id));
    if (block === undefined) throw badArgument(`The block '${String(id)}' was not uploaded.`);
    return block;
  });
  const file = Buffer.concat(parts);
  checkSize(env, file.length);
  const table = env.model.known("annotation");
  const draft = draftOf({ env }, table, Target, "create");
  const writer = writerOf(env, caller);
  const values = { ...draft.values, documentbody: file.toString("base64") };
  const known = draft.id === undefined ? undefined : env.rows("annotation").get(draft.id);
  const row =
    known === undefined
      ? writer.create("annotation", values, draft.id === undefined ? {} : { id: draft.id })
      : writer.update(known, values);
  transfers.get(env)?.delete(String(FileContinuationToken));
  return answer(call, { AnnotationId: row.id, FileSizeInBytes: file.length });
}

function beginDownload(call: Call): Reply {
  const draft = draftOf(
    { env: call.env },
    call.env.model.known("annotation"),
    bodyOf(call)["Target"],
    "update",
  );
  const { values } = writerOf(call.env, call.caller).read("annotation", draft.id ?? "");
  const file = Buffer.from(String(values["documentbody"] ?? ""), "base64");
  return answer(call, {
    FileContinuationToken: open(call.env, { blocks: new Map(), file }),
    FileSizeInBytes: file.length,
    FileName: values["filename"] ?? null,
  });
}

function downloadBlock(call: Call): Reply {
  const { Offset = 0, BlockLength = mostBytes, FileContinuationToken } = bodyOf(call);
  const { file = Buffer.alloc(0) } = transferOf(call, FileContinuationToken);
  const part = file.subarray(Number(Offset), Number(Offset) + Number(BlockLength));
  return answer(call, { Data: part.toString("base64") });
}
