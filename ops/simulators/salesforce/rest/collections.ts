import { type ChunkOperation, chunkRows, type Draft, writeChunk } from "../dml/chunk.ts";
import { asObject, jsonDraft, type JsonObject } from "../dml/json-draft.ts";
import { boundaryOf } from "../../server/multipart.ts";
import { collectionFileDraft } from "../files/file-drafts.ts";
import { type FileBody, mostFileBytes, readFileBody } from "../files/multipart-rows.ts";
import type { RowOutcome } from "../dml/row-error.ts";
import type { SObject } from "../schema/sobject.ts";
import { parseId } from "../store/ids.ts";
import { ApiError } from "./api-error.ts";
import { type Call, ok, param, type Reply, type Route } from "./call.ts";
import { objectOf } from "./describe-routes.ts";
import { keyFieldOf } from "./external-id-routes.ts";
import { recordOf } from "./row-routes.ts";
import { savesDuplicates } from "./write-options.ts";

const mostTypeChunks = 10;
const mostReadRows = 2_000;

function recordsOf(given: unknown): { records: JsonObject[]; allOrNone: boolean } {
  const body = asObject(given, "request");
  const { records } = body;
  if (!Array.isArray(records)) {
    throw new ApiError(400, "JSON_PARSER_ERROR", "The records list is missing");
  }
  checkCount(records.length);
  return { records: records.map((one) => asObject(one)), allOrNone: body["allOrNone"] === true };
}

function checkCount(count: number): void {
  if (count <= chunkRows) return;
  const message = `record limit reached. cannot submit more than ${chunkRows} records in this operation`;
  throw new ApiError(400, "EXCEEDED_ID_LIMIT", message);
}

function typeOf(call: Call, record: JsonObject): SObject {
  const type = asObject(record["attributes"] ?? {}, "attributes")["type"];
  const object = typeof type === "string" ? call.org.schema.find(type) : undefined;
  if (object !== undefined) return object;
  const message = `Record type missing or unknown: ${String(type)}`;
  throw new ApiError(400, "INVALID_TYPE", message);
}

/** One result of a Collections reply. */
function resultOf(outcome: RowOutcome, withCreated: boolean): object {
  if (outcome.ok) {
    const { id, created } = outcome;
    return { id, success: true, errors: [], ...(withCreated ? { created } : {}) };
  }
  const { code: statusCode, message, fields, detail } = outcome.error;
  const id = outcome.id === null ? {} : { id: outcome.id };
  return { ...id, success: false, errors: [{ statusCode, message, fields, ...detail }] };
}

function write(
  call: Call,
  operation: ChunkOperation,
  drafts: readonly Draft[],
  allOrNone: boolean,
): Reply {
  const { org, session } = call;
  const options = { allOrNone, allowSave: savesDuplicates(call) };
  const outcomes = writeChunk(org, session.userId, operation, drafts, options);
  org.log.count("collection_rows", outcomes.length);
  return ok(outcomes.map((outcome) => resultOf(outcome, operation.kind === "upsert")));
}

function writeTyped(call: Call, kind: "insert" | "update"): Reply | Promise<Reply> {
  if (call.raw === undefined || boundaryOf(call.raw) === undefined) {
    return writeRecords(call, kind, { json: call.body, blobs: new Map() });
  }
  return readFileBody(call, mostFileBytes.collection).then((body) =>
    writeRecords(call, kind, body),
  );
}

function writeRecords(call: Call, kind: "insert" | "update", body: FileBody): Reply {
  const { records, allOrNone } = recordsOf(body.json);
  const objects = records.map((record) => typeOf(call, record));
  const chunks = objects.filter((object, at) => object !== objects[at - 1]).length;
  if (chunks > mostTypeChunks) {
    const message = `Operation has more than ${mostTypeChunks} chunks of different types`;
    throw new ApiError(400, "INVALID_OPERATION", message);
  }
  const drafts = records.map((record, at) =>
    collectionFileDraft(call.org, objects[at] as SObject, record, body.blobs),
  );
  return write(call, { kind }, drafts, allOrNone);
}

function upsert(call: Call): Reply {
  const object = objectOf(call);
  const key = keyFieldOf(object, param(call, "field"));
  const { records, allOrNone } = recordsOf(call.body);
  const drafts = records.map((record) => jsonDraft(call.org, object, record));
  const updateOnly = call.query.get("updateOnly") === "true";
  return write(call, { kind: "upsert", key, updateOnly }, drafts, allOrNone);
}

function remove(call: Call): Reply {
  const ids = (call.query.get("ids") ?? "").split(",").filter(Boolean);
  checkCount(ids.length);
  const drafts = ids.map((id): Draft => {
    const object = call.org.schema.byPrefix(parseId(id)?.prefix ?? "");
    if (object === undefined) throw new ApiError(400, "MALFORMED_ID", `bad id ${id}`);
    return { object, id, values: {} };
  });
  return write(call, { kind: "delete" }, drafts, call.query.get("allOrNone") === "true");
}

function retrieve(call: Call, ids: readonly string[], fields: readonly string[]): Reply {
  const object = objectOf(call);
  if (ids.length > mostReadRows) checkCount(ids.length);
  const rows = call.org.rows(object.name);
  return ok(
    ids.map((id) => {
      const row = rows.byId(id);
      return row === undefined || row.deleted ? null : recordOf(call, object, row, fields);
    }),
  );
}

function retrieveByBody(call: Call): Reply {
  const body = asObject(call.body, "request");
  const list = (name: string): string[] => {
    const value = body[name];
    return Array.isArray(value) ? value.map(String) : [];
  };
  return retrieve(call, list("ids"), list("fields"));
}

function retrieveByQuery(call: Call): Reply {
  const list = (name: string): string[] => (call.query.get(name) ?? "").split(",").filter(Boolean);
  return retrieve(call, list("ids"), list("fields"));
}

/** sObject Collections: up to 200 rows a call, results in the order of the request. */
export const collectionRoutes: readonly Route[] = [
  { method: "POST", path: "/composite/sobjects", handle: (call) => writeTyped(call, "insert") },
  { method: "PATCH", path: "/composite/sobjects", handle: (call) => writeTyped(call, "update") },
  { method: "DELETE", path: "/composite/sobjects", handle: remove },
  { method: "GET", path: "/composite/sobjects/:object", handle: retrieveByQuery },
  { method: "POST", path: "/composite/sobjects/:object", handle: retrieveByBody },
  { method: "PATCH", path: "/composite/sobjects/:object/:field", handle: upsert },
];
