import type { Draft } from "../dml/chunk.ts";
import { asObject, jsonDraft, type JsonObject } from "../dml/json-draft.ts";
import type { Org } from "../org.ts";
import { ApiError } from "../rest/api-error.ts";
import type { SObject } from "../schema/sobject.ts";
import { type Blob, blobMark } from "./blobs.ts";
import type { FileBody } from "./multipart-rows.ts";

/** The row of a multipart request: its JSON part, and the file in the binary column its part is named after. */
export function fileDraft(org: Org, object: SObject, { json, blobs }: FileBody): Draft {
  const draft = jsonDraft(org, object, asObject(json));
  for (const [name, blob] of blobs) place(draft, binaryColumn(object, name), blob);
  return draft;
}

/** A row of a multipart collection; its attributes say which part is its file and in which column it goes. */
export function collectionFileDraft(
  org: Org,
  object: SObject,
  record: JsonObject,
  blobs: ReadonlyMap<string, Blob>,
): Draft {
  const draft = jsonDraft(org, object, record);
  const { binaryPartName, binaryPartNameAlias } = asObject(record["attributes"] ?? {});
  if (typeof binaryPartName !== "string") return draft;
  const blob = blobs.get(binaryPartName);
  if (blob === undefined) {
    throw new ApiError(400, "INVALID_MULTIPART_REQUEST", `There is no part ${binaryPartName}`);
  }
  place(draft, binaryColumn(object, String(binaryPartNameAlias ?? "VersionData")), blob);
  return draft;
}

function place(draft: Draft, column: string, blob: Blob): void {
  draft.values[column] = blob.size === 0 ? null : blobMark(blob);
}

/** The binary column of that name, else the only one there is. */
function binaryColumn(object: SObject, name: string): string {
  const columns = [...object.fields.values()].filter((field) => field.type === "base64");
  const named = columns.find((field) => field.name.toLowerCase() === name.toLowerCase());
  const column = named ?? columns[0];
  if (column !== undefined) return column.name;
  const message = `${object.name} has no binary column`;
  throw new ApiError(400, "INVALID_MULTIPART_REQUEST", message);
}
