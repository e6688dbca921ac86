import type { Draft } from "../dml/chunk.ts";
import { fromCell } from "../dml/convert.ts";
import { parentByKey } from "../dml/references.ts";
import { type RowError, rowError } from "../dml/row-error.ts";
import type { Org } from "../org.ts";
import type { Field, Values } from "../schema/field.ts";
import { findField, type SObject } from "../schema/sobject.ts";

/** Bulk API 2.0 limits. */
const longestCell = 131_072;
const longestRecord = 400_000;
const mostColumns = 5_000;

/** Why a whole job failed. */
export class JobFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = "JobFailure";
  }
}

interface Parsing {
  readonly values: Values;
  /** Lookups that were named by a key. */
  readonly byKey: Set<string>;
  id: string | null;
  error?: RowError;
}

type Setter = (row: Parsing, cell: string) => void;

/** Makes drafts of CSV rows. */
export type DraftMaker = (cells: readonly string[]) => Draft;

/** Reads a header; throws `JobFailure` for a column that is not there. */
export function draftMaker(org: Org, object: SObject, header: readonly string[]): DraftMaker {
  if (header.length > mostColumns) {
    throw new JobFailure(`InvalidBatch : More than ${mostColumns} fields`);
  }
  const setters = header.map((name) => setterOf(org, object, name.replace(/^ +| +$/g, "")));
  return (cells) => {
    if (cells.length > setters.length) {
      throw new JobFailure("InvalidBatch : CSV row has more columns than the header");
    }
    const row: Parsing = { values: {}, byKey: new Set(), id: null };
    let length = 0;
    for (const [at, cell] of cells.entries()) {
      // An empty cell leaves the field as it is.
      if (cell === "") continue;
      length += cell.length;
      if (cell.length > longestCell) {
        throw new JobFailure(`InvalidBatch : Field is longer than ${longestCell} characters`);
      }
      setters[at]?.(row, cell);
    }
    if (length > longestRecord) {
      throw new JobFailure(`InvalidBatch : Record is longer than ${longestRecord} characters`);
    }
    const { id, values, error } = row;
    return { object, id, values, ...(error === undefined ? {} : { error }) };
  };
}

function setterOf(org: Org, object: SObject, name: string): Setter {
  if (name.toLowerCase() === "id") return (row, cell) => void (row.id = cell.trim());
  const field = findField(object, name);
  if (field !== undefined) return valueSetter(field);
  const match = /^(?:([A-Za-z0-9_]+):)?([A-Za-z0-9_]+)\.([A-Za-z0-9_]+)$/.exec(name);
  const [, type, relationship = "", keyName = ""] = match ?? [];
  const lookup = object.parents.get(relationship.toLowerCase());
  if (lookup === undefined) throw fieldNotFound(name);
  const target = type === undefined ? undefined : org.schema.find(type)?.name;
  const targets = target === undefined ? lookup.referenceTo : [target];
  const known = targets.some((one) => {
    const found = org.schema.find(one);
    const key = found === undefined ? undefined : findField(found, keyName);
    return key?.idLookup === true || key?.externalId === true;
  });
  if (!known || (type !== undefined && target === undefined)) throw fieldNotFound(name);
  return parentSetter(org, lookup, keyName, targetOf(org, targets, keyName));
}

/** The one object among a lookup's targets that has the key field. */
function targetOf(org: Org, targets: readonly string[], keyName: string): string | undefined {
  return targets.find((name) => {
    const object = org.schema.find(name);
    return object !== undefined && findField(object, keyName) !== undefined;
  });
}

function valueSetter(field: Field): Setter {
  const empty = field.type === "boolean" ? false : null;
  return (row, cell) => {
    if (row.byKey.has(field.name)) row.error ??= namedTwice(field);
    if (cell === "#N/A") {
      row.values[field.name] = empty;
      return;
    }
    const converted = fromCell(field, cell);
    if ("error" in converted) row.error ??= converted.error;
    else row.values[field.name] = converted.value;
  };
}

function parentSetter(
  org: Org,
  lookup: Field,
  keyName: string,
  target: string | undefined,
): Setter {
  return (row, cell) => {
    if (row.values[lookup.name] !== undefined) row.error ??= namedTwice(lookup);
    row.byKey.add(lookup.name);
    if (cell === "#N/A") {
      row.values[lookup.name] = null;
      return;
    }
    const found = parentByKey(org, lookup, keyName, cell.trim(), target);
    if (typeof found === "string") row.values[lookup.name] = found;
    else row.error ??= found;
  };
}

function namedTwice({ name }: Field): RowError {
  return rowError("INVALID_FIELD", `Both an id and an external id are given for ${name}`, [name]);
}

function fieldNotFound(name: string): JobFailure {
  return new JobFailure(`InvalidBatch : Field name not found : ${name}`);
}
