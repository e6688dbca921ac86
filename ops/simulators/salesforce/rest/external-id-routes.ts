import { asObject, jsonDraft } from "../dml/json-draft.ts";
import { fromCell } from "../dml/convert.ts";
import type { Field, Value } from "../schema/field.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import type { Row } from "../store/object-rows.ts";
import { ApiError, notFound } from "./api-error.ts";
import { type Call, dataPath, ok, param, type Reply, type Route } from "./call.ts";
import { objectOf } from "./describe-routes.ts";
import { recordOf, writeOne } from "./row-routes.ts";

/** The key field an address names; throws 404 where it is none. */
export function keyFieldOf(object: SObject, name: string): Field {
  const field = findField(object, name);
  if (field?.externalId === true || field?.idLookup === true) return field;
  throw notFound(`Provided external ID field does not exist or is not accessible: ${name}`);
}

interface Target {
  readonly object: SObject;
  readonly key: Field;
  readonly value: Value;
  readonly rows: readonly Row[];
}

function targetOf(call: Call): Target {
  const object = objectOf(call);
  const key = keyFieldOf(object, param(call, "field"));
  const text = param(call, "value");
  const rows = call.org.rows(object.name);
  if (key.name === "Id") {
    const row = rows.byId(text);
    return { object, key, value: text, rows: row === undefined ? [] : [row] };
  }
  const converted = fromCell(key, text);
  const value = "value" in converted ? converted.value : text;
  const hits = rows.indexes.get(key.name)?.find(value) ?? [];
  return { object, key, value, rows: hits.flatMap((n) => rows.get(n) ?? []) };
}

function choices(call: Call, { object, rows }: Target): Reply {
  const root = `${dataPath(call.version)}/sobjects/${object.name}`;
  return { status: 300, json: rows.map((row) => `${root}/${row.id}`) };
}

function upsert(call: Call): Reply {
  const target = targetOf(call);
  const { object, key, value, rows } = target;
  if (rows.length > 1) return choices(call, target);
  const draft = jsonDraft(call.org, object, asObject(call.body));
  if (draft.id !== null || (draft.values[key.name] !== undefined && key.name !== "Id")) {
    const message = `The ${key.name} field should not be specified in the sobject data.`;
    throw new ApiError(400, "INVALID_FIELD", message, [key.name]);
  }
  const updateOnly = call.version >= 61 && call.query.get("updateOnly") === "true";
  const withKey =
    key.name === "Id"
      ? { ...draft, id: String(value) }
      : { ...draft, values: { ...draft.values, [key.name]: value } };
  const { id, created } = writeOne(call, { kind: "upsert", key, updateOnly }, withKey);
  // Before version 46 an update had no body and a creation did not say `created`.
  const old = call.version < 46;
  if (!created && old) return { status: 204 };
  const json = { id, success: true, errors: [], ...(old ? {} : { created }) };
  return { status: created ? 201 : 200, json };
}

function read(call: Call): Reply {
  const target = targetOf(call);
  const [row] = target.rows;
  if (row === undefined) throw notFound();
  if (target.rows.length > 1) return choices(call, target);
  const names = (call.query.get("fields") ?? "").split(",").filter(Boolean);
  return ok(recordOf(call, target.object, row, names));
}

function remove(call: Call): Reply {
  const target = targetOf(call);
  const [row] = target.rows;
  if (row === undefined) throw notFound();
  if (target.rows.length > 1) return choices(call, target);
  writeOne(call, { kind: "delete" }, { object: target.object, id: row.id, values: {} });
  return { status: 204 };
}

const path = "/sobjects/:object/:field/:value";

/** Single rows by an external id. */
export const externalIdRoutes: readonly Route[] = [
  { method: "PATCH", path, handle: upsert },
  { method: "GET", path, handle: read },
  { method: "DELETE", path, handle: remove },
];
