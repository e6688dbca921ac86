import { BodyRefused } from "../../server/body.ts";
import { type Part, partsOf, wholeBytes } from "../../server/multipart.ts";
import { ApiError } from "../rest/api-error.ts";
import type { Call } from "../rest/call.ts";
import { type Blob, receiveBlob } from "./blobs.ts";

/** Bytes of one file, and of all files of a collection (REST guide, "Insert or Update Blob Data"). */
export const mostFileBytes = { row: 2_000_000_000, collection: 500_000_000 } as const;
const mostJsonBytes = 10_000_000;

/** What a multipart request says: its JSON part, and its files by the name of their part. */
export interface FileBody {
  readonly json: unknown;
  readonly blobs: ReadonlyMap<string, Blob>;
}

/** Reads a multipart request; files go to disk as they arrive. Parts are told apart by kind, not by name or order: clients differ in both. */
export async function readFileBody(call: Call, mostBytes: number): Promise<FileBody> {
  const blobs = new Map<string, Blob>();
  let json: unknown;
  if (call.raw === undefined) throw unreadable("There is no body");
  try {
    let left = mostBytes;
    for await (const part of partsOf(call.raw)) {
      if (json === undefined && isJson(part)) {
        json = JSON.parse((await wholeBytes(part.bytes, mostJsonBytes)).toString("utf8"));
        continue;
      }
      const blob = await receiveBlob(call.org, part.bytes, left);
      left -= blob.size;
      blobs.set(part.name ?? "", blob);
    }
  } catch (cause) {
    if (cause instanceof SyntaxError) throw unreadable(cause.message);
    if (!(cause instanceof BodyRefused)) throw cause;
    if (cause.status === 413) throw new ApiError(413, "REQUEST_ENTITY_TOO_LARGE", cause.message);
    throw unreadable(cause.message);
  }
  if (json === undefined) throw unreadable("The JSON part is missing");
  return { json, blobs };
}

/** Browsers give the JSON part a file name, too; a JSON file comes in the part of the binary column. */
function isJson({ name, contentType }: Part): boolean {
  return contentType === "application/json" && name?.toLowerCase() !== "versiondata";
}

function unreadable(message: string): ApiError {
  return new ApiError(400, "JSON_PARSER_ERROR", message);
}
