import type { Org } from "../org.ts";
import { ApiError } from "../rest/api-error.ts";
import type { Field, Values } from "../schema/field.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import type { Draft } from "./chunk.ts";
import { fromJson, WrongJsonType } from "./convert.ts";
import { parentByKey } from "./references.ts";
import { type RowError, rowError } from "./row-error.ts";

/** A JSON object with anything in it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object a value is; throws JSON_PARSER_ERROR where it is something else. */
export function asObject(value: unknown, what = "record"): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  const message = `Can not deserialize ${what}: unexpected value at [line:1, column:1]`;
  throw new ApiError(400, "JSON_PARSER_ERROR", message);
}

/** A row of a JSON body; throws for unknown columns and values that do not fit, as the whole request fails then. */
export function jsonDraft(org: Org, object: SObject, body: JsonObject): Draft {
  const values: Values = {};
  let id: string | null = null;
  let error: RowError | undefined;
  for (const [name, raw] of Object.entries(body)) {
    if (name === "attributes") continue;
    if (name.toLowerCase() === "id") {
      if (raw !== null && typeof raw !== "string") throw unknownColumn(name, object);
      id = raw;
      continue;
    }
    const lookup = object.parents.get(name.toLowerCase());
    if (lookup !== undefined && (raw === null || typeof raw === "object")) {
      const found = raw === null ? null : parentOf(org, lookup, raw as JsonObject);
      if (found === null || typeof found === "string") values[lookup.name] = found;
      else error ??= found;
      continue;
    }
    const field = findField(object, name);
    if (field === undefined) throw unknownColumn(name, object);
    const converted = convert(field, raw);
    if ("error" in converted) error ??= converted.error;
    else values[field.name] = converted.value;
  }
  return { object, id, values, ...(error === undefined ? {} : { error }) };
}

function convert(field: Field, raw: unknown): ReturnType<typeof fromJson> {
  try {
    return fromJson(field, raw);
  } catch (error) {
    if (error instanceof WrongJsonType) throw new ApiError(400, "JSON_PARSER_ERROR", error.message);
    throw error;
  }
}

/** The answer to a column that an object does not have. */
export function unknownColumn(name: string, object: SObject): ApiError {
  return new ApiError(
    400,
    "INVALID_FIELD",
    `No such column '${name}' on sobject of type ${object.name}`,
  );
}

/** The parent that `{"Key__c": "v"}` names, `attributes.type` choosing among several objects. */
function parentOf(org: Org, lookup: Field, body: JsonObject): string | RowError {
  const { attributes, ...keys } = body;
  const [entry] = Object.entries(keys);
  if (entry === undefined) {
    return rowError("INVALID_FIELD", `No key given for ${lookup.relationshipName}`, [lookup.name]);
  }
  const type = attributes === undefined ? undefined : asObject(attributes)["type"];
  const target = typeof type === "string" ? org.schema.find(type)?.name : undefined;
  return parentByKey(org, lookup, entry[0], entry[1] as string, target);
}
