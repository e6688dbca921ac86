import type { Environment } from "../environment.ts";
import { newGuid } from "../identifier.ts";
import type { ColumnDef, TableDef } from "../model.ts";
import type { Row } from "../rows/row.ts";
import { writerOf } from "../write/writer.ts";
import { ApiError, badArgument } from "./api-error.ts";
import type { Call, Reply } from "./call.ts";

const chunkBytes = 4 * 1024 * 1024;
/** What a file column takes unless its definition says otherwise, in KB. */
const usualKilobytes = 32_768;

interface Upload {
  readonly name: string;
  readonly chunks: Buffer[];
}

/** Uploads under way, by session token; a restart forgets them, as the service forgets them after a while. */
const uploads = new WeakMap<Environment, Map<string, Upload>>();

/** A file column of a row: what a request to it is about. */
export interface FileTarget {
  readonly call: Call;
  readonly table: TableDef;
  readonly row: Row;
  readonly column: ColumnDef;
  /** `$value`: the bytes as they are. */
  readonly tail: string | undefined;
}

/** Takes, gives or removes the file of a file column, whole or in chunks. */
export function fileReply(target: FileTarget): Reply {
  const { call } = target;
  if (call.method === "GET") return download(target);
  if (call.method === "DELETE") return store(target, undefined);
  if (call.method !== "PATCH" && call.method !== "PUT")
    throw new ApiError(
      405,
      "0x80060888",
      `The HTTP verb ${call.method} is not supported for a file.`,
    );
  const token = call.query.get("sessiontoken");
  if (token !== undefined) return takeChunk(target, token);
  if (call.headers["x-ms-transfer-mode"] === "chunked") return begin(target);
  return store(target, { name: nameIn(call), bytes: bytesIn(call) });
}

function nameIn({ headers, query }: Call): string {
  const name = headers["x-ms-file-name"] ?? query.get("x-ms-file-name");
  if (typeof name !== "string" || name === "")
    throw badArgument("The name of the file is missing.");
  return decodeURIComponent(name);
}

function bytesIn({ body }: Call): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function begin({ call, table, row, column }: FileTarget): Reply {
  const all = uploads.get(call.env) ?? new Map<string, Upload>();
  uploads.set(call.env, all);
  const token = newGuid();
  all.set(token, { name: nameIn(call), chunks: [] });
  const address = `${call.base}/${table.entitySetName}(${row.id})/${column.logicalName}`;
  const Location = `${address}?sessiontoken=${token}`;
  return {
    status: 200,
    headers: { Location, "x-ms-chunk-size": String(chunkBytes), "Accept-Ranges": "bytes" },
  };
}

function takeChunk(target: FileTarget, token: string): Reply {
  const { call } = target;
  const upload = uploads.get(call.env)?.get(token);
  if (upload === undefined) throw badArgument("The session token is not known.");
  const range = /^bytes (\d+)-(-?\d+)\/(\d+)$/.exec(String(call.headers["content-range"]));
  if (range === null) throw badArgument("The Content-Range of the chunk is missing.");
  upload.chunks.push(bytesIn(call));
  const bytes = Buffer.concat(upload.chunks);
  if (bytes.length < Number(range[3])) return { status: 206 };
  uploads.get(call.env)?.delete(token);
  return store(target, { name: upload.name, bytes });
}

/** The bytes stand beside the rows; a row keeps the id of its file, and its name. */
function store(
  { call, row, column }: FileTarget,
  file: { name: string; bytes: Buffer } | undefined,
): Reply {
  const { sql } = call.env.database;
  const most = Number(column.extra?.["MaxSizeInKB"] ?? usualKilobytes) * 1_024;
  if (file !== undefined && file.bytes.length > most)
    throw new ApiError(400, "0x80044a02", "Attachment file size is too big.");
  const { logicalName } = column;
  const before = row.values[logicalName];
  if (typeof before === "string") sql.prepare("DELETE FROM file WHERE id = ?").run(before);
  const id = file === undefined ? null : newGuid();
  if (file !== undefined) sql.prepare("INSERT INTO file VALUES (?, ?)").run(id, file.bytes);
  const changes = { [logicalName]: id, [`${logicalName}_name`]: file?.name ?? null };
  writerOf(call.env, call.caller).update(row, changes, { internal: true });
  return { status: 204 };
}

function download({ call, row, column, tail }: FileTarget): Reply {
  const id = row.values[column.logicalName];
  if (typeof id !== "string") return { status: 204 };
  const found = call.env.database.sql.prepare("SELECT bytes FROM file WHERE id = ?").get(id);
  const file = Buffer.from((found as { bytes: Uint8Array }).bytes);
  const name = String(row.values[`${column.logicalName}_name`] ?? "");
  const range = /^bytes=(\d+)-(\d+)$/.exec(String(call.headers["range"]));
  const bytes = range === null ? file : file.subarray(Number(range[1]), Number(range[2]) + 1);
  const headers = {
    "Content-Disposition": `attachment; filename=${encodeURIComponent(name)}`,
    "x-ms-file-name": encodeURIComponent(name),
    "x-ms-file-size": String(file.length),
    Location: `${call.base}/${call.segments[0]?.name ?? ""}(${row.id})/${column.logicalName}`,
  };
  const status = range === null ? 200 : 206;
  if (tail === "$value")
    return {
      status,
      text: bytes,
      headers: { ...headers, "content-type": "application/octet-stream" },
    };
  return { status, json: { value: bytes.toString("base64") }, headers };
}
