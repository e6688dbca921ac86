import { type ChunkOperation, type Draft, writeChunk } from "../dml/chunk.ts";
import { asObject, jsonDraft, unknownColumn } from "../dml/json-draft.ts";
import { boundaryOf } from "../../server/multipart.ts";
import { fileDraft } from "../files/file-drafts.ts";
import { mostFileBytes, readFileBody } from "../files/multipart-rows.ts";
import type { RowOutcome } from "../dml/row-error.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import { parseId } from "../store/ids.ts";
import type { Row } from "../store/object-rows.ts";
import { jsonValue } from "../soql/record-tree.ts";
import { ApiError, notFound, refusedRow } from "./api-error.ts";
import { type Call, dataPath, ok, param, type Reply, type Route } from "./call.ts";
import { objectOf } from "./describe-routes.ts";
import { checkUnmodified, isKnown, lastModified } from "./preconditions.ts";
import { savesDuplicates } from "./write-options.ts";

/** The living row an address names by id; throws the 404 of a real server. */
function rowOf(call: Call, object: SObject): Row {
  const id = param(call, "id");
  const parsed = parseId(id);
  if (parsed === undefined || parsed.prefix !== object.keyPrefix) {
    throw notFound(`Provided external ID field does not exist or is not accessible: ${id}`);
  }
  const row = call.org.rows(object.name).get(parsed.n);
  if (row === undefined) throw notFound();
  if (row.deleted) throw new ApiError(404, "ENTITY_IS_DELETED", "entity is deleted");
  return row;
}

/** Writes one row as a transaction of its own; throws where it is refused. */
export function writeOne(
  call: Call,
  operation: ChunkOperation,
  draft: Draft,
): RowOutcome & { ok: true } {
  const options = { allowSave: savesDuplicates(call) };
  const [outcome] = writeChunk(call.org, call.session.userId, operation, [draft], options);
  if (outcome?.ok === true) return outcome;
  if (outcome === undefined) throw notFound();
  throw refusedRow(outcome.error);
}

/** A row as `GET /sobjects/X/{id}` shows it. */
export function recordOf(call: Call, object: SObject, row: Row, names: readonly string[]): object {
  const url = `${dataPath(call.version)}/sobjects/${object.name}/${row.id}`;
  const fields =
    names.length === 0
      ? [...object.fields.values()]
      : names.map((name) => {
          const field = findField(object, name.trim());
          if (field === undefined) throw unknownColumn(name.trim(), object);
          return field;
        });
  const values = fields.map((field) => [field.name, jsonValue(field, row.values[field.name], url)]);
  return { attributes: { type: object.name, url }, ...Object.fromEntries(values) };
}

/** The row of a request, with its file where it has one. */
function withDraft(call: Call, use: (draft: Draft) => Reply): Reply | Promise<Reply> {
  const object = objectOf(call);
  if (call.raw === undefined || boundaryOf(call.raw) === undefined) {
    return use(jsonDraft(call.org, object, asObject(call.body)));
  }
  return readFileBody(call, mostFileBytes.row).then((body) =>
    use(fileDraft(call.org, object, body)),
  );
}

function create(call: Call): Reply | Promise<Reply> {
  return withDraft(call, (draft) => createOne(call, draft));
}

function createOne(call: Call, draft: Draft): Reply {
  const { object } = draft;
  const { id } = writeOne(call, { kind: "insert" }, draft);
  const location = `${dataPath(call.version)}/sobjects/${object.name}/${id}`;
  return { status: 201, json: { id, success: true, errors: [] }, headers: { location } };
}

function read(call: Call): Reply {
  const object = objectOf(call);
  const names = (call.query.get("fields") ?? "").split(",").filter(Boolean);
  const row = rowOf(call, object);
  if (isKnown(call, row)) return { status: 304 };
  return { ...ok(recordOf(call, object, row, names)), headers: lastModified(row) };
}

function update(call: Call): Reply | Promise<Reply> {
  return withDraft(call, (draft) => updateOne(call, draft));
}

function updateOne(call: Call, draft: Draft): Reply {
  const row = rowOf(call, draft.object);
  checkUnmodified(call, row);
  if (draft.id !== null) {
    const message = "The Id field should not be specified in the sobject data.";
    throw new ApiError(400, "INVALID_FIELD", message, ["Id"]);
  }
  writeOne(call, { kind: "update" }, { ...draft, id: row.id });
  return { status: 204 };
}

function remove(call: Call): Reply {
  const object = objectOf(call);
  const row = rowOf(call, object);
  checkUnmodified(call, row);
  const { id } = row;
  writeOne(call, { kind: "delete" }, { object, id, values: {} });
  return { status: 204 };
}

/** Single rows by id. */
export const rowRoutes: readonly Route[] = [
  { method: "POST", path: "/sobjects/:object", handle: create },
  { method: "GET", path: "/sobjects/:object/:id", handle: read },
  { method: "PATCH", path: "/sobjects/:object/:id", handle: update },
  { method: "DELETE", path: "/sobjects/:object/:id", handle: remove },
];
