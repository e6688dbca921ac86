import type { Org } from "../org.ts";
import { ApiError } from "../rest/api-error.ts";
import type { Field, Value, Values } from "../schema/field.ts";
import { findField, type SObject } from "../schema/sobject.ts";
import { parseId } from "../store/ids.ts";
import { applyDateFunction, type DateFunction, dateFunctionField } from "./date-functions.ts";
import { isPolymorphic, nameField, nameValue } from "./name-object.ts";
import { noSuchColumn } from "./soql-error.ts";
import type { Path } from "./syntax.ts";

const cachedParents = 5_000;

/** A row found by its id, whatever its object. */
export interface Found {
  readonly object: SObject;
  readonly values: Values;
}

/** Reads parents of rows and remembers the ones read last. */
export interface ParentReader {
  parent(id: Value | undefined): Found | undefined;
}

/** A reader for one statement. */
export function parentReader(org: Org): ParentReader {
  const cache = new Map<string, Found | undefined>();
  const read = (id: string): Found | undefined => {
    const parsed = parseId(id);
    const object = parsed === undefined ? undefined : org.schema.byPrefix(parsed.prefix);
    if (parsed === undefined || object === undefined) return undefined;
    const row = org.rows(object.name).get(parsed.n);
    return row === undefined || row.deleted ? undefined : { object, values: row.values };
  };
  return {
    parent(id) {
      if (typeof id !== "string") return undefined;
      if (cache.has(id)) return cache.get(id);
      if (cache.size >= cachedParents) cache.clear();
      const found = read(id);
      cache.set(id, found);
      return found;
    },
  };
}

/** A column of a statement: the lookups on its way and the field at its end. */
export interface Column {
  readonly hops: readonly Field[];
  readonly field: Field;
  /** Canonical spelling, such as `Account.Name`. */
  readonly name: string;
  /** The function around it. */
  readonly fn: DateFunction | undefined;
  read(values: Values, parents: ParentReader): Value;
}

/** Names by which a statement's own object may stand before a column. */
export interface Scope {
  readonly org: Org;
  readonly object: SObject;
  readonly alias: string | undefined;
  readonly text: string;
}

/** Finds the column a path names; throws INVALID_FIELD where there is none. */
export function columnOf(scope: Scope, path: Path): Column {
  const parts = withoutAlias(scope, path.parts);
  const missing = (): Error =>
    noSuchColumn(path.parts.join("."), scope.object.name, scope.text, path.at);
  const hops: Field[] = [];
  let targets: readonly SObject[] = [scope.object];
  for (const part of parts.slice(0, -1)) {
    const hop = firstOf(targets, (target) => target.parents.get(part.toLowerCase()));
    // Beyond a lookup to several objects there is only Name.
    const beyondName = hops.some(isPolymorphic);
    if (hop === undefined || hops.length === 5 || beyondName) throw missing();
    hops.push(hop);
    targets = hop.referenceTo.flatMap((name) => scope.org.schema.find(name) ?? []);
  }
  const last = parts.at(-1) ?? "";
  const lastHop = hops.at(-1);
  const named = lastHop !== undefined && isPolymorphic(lastHop);
  const field = named ? nameField(last) : firstOf(targets, (target) => findField(target, last));
  if (field === undefined) throw missing();
  const name = [...hops.map((hop) => hop.relationshipName), field.name].join(".");
  const plain: Column = { hops, field, name, fn: undefined, read: readerOf(hops, field, named) };
  return path.fn === undefined ? plain : withFunction(plain, path.fn);
}

function withFunction(column: Column, fn: DateFunction): Column {
  const { type } = column.field;
  if (type !== "date" && type !== "datetime") {
    const message = `field ${column.field.name} does not support function ${fn}`;
    throw new ApiError(400, "MALFORMED_QUERY", message);
  }
  return {
    ...column,
    field: dateFunctionField(fn, column.field),
    name: `${fn}(${column.name})`,
    fn,
    read: (values, parents) => applyDateFunction(fn, column.read(values, parents)),
  };
}

function readerOf(hops: readonly Field[], field: Field, named: boolean): Column["read"] {
  const empty: Value = field.type === "boolean" ? false : null;
  if (hops.length === 0) return (values) => values[field.name] ?? empty;
  return (values, parents) => {
    let at: Found | undefined;
    for (const hop of hops) {
      at = parents.parent((at?.values ?? values)[hop.name]);
      if (at === undefined) return null;
    }
    if (at === undefined) return null;
    return (named ? nameValue(at, field) : at.values[field.name]) ?? empty;
  };
}

function withoutAlias(scope: Scope, parts: readonly string[]): readonly string[] {
  const first = parts[0]?.toLowerCase();
  const own = [scope.alias?.toLowerCase(), scope.object.name.toLowerCase()];
  const isOwn = parts.length > 1 && own.includes(first);
  return isOwn && scope.object.parents.get(first ?? "") === undefined ? parts.slice(1) : parts;
}

function firstOf<T>(
  targets: readonly SObject[],
  find: (target: SObject) => T | undefined,
): T | undefined {
  for (const target of targets) {
    const found = find(target);
    if (found !== undefined) return found;
  }
  return undefined;
}
