import { Fault } from "./coerce.ts";
import { customValuesOf } from "./custom-values.ts";
import type { AvroType, EntityField } from "./entity-schema.ts";
import { compilePath, type JsonPath } from "./json-path.ts";
import type { FieldSpec } from "./profile-schema.ts";

/** Reads one field of a row, which may look at the row it stands in. */
export type Read = (row: object, parent?: object) => unknown;

/** A field's type, and how the fields inside it are compiled. */
export interface FieldReader {
  readonly type: AvroType;
  readonly make: (field: EntityField, spec: FieldSpec | undefined) => Read;
}

type InnerFields = Extract<FieldSpec, { each: string }>["fields"];

/** Reads a list of parts. */
export function listReader(
  name: string,
  spec: { readonly each: string; readonly fields: InnerFields },
  { type, make }: FieldReader,
): Read {
  const path = compilePath(spec.each) as JsonPath;
  if (name === "custom") {
    const fields = spec.fields as Readonly<Record<string, string>>;
    return (row, parent) => customValuesOf(path(row, parent), fields);
  }
  const { items } = type as { readonly items: AvroType };
  const readers = innerReaders(items, spec.fields, make);
  return (row, parent) => {
    const found = path(row, parent);
    if (found === undefined || found === null) return [];
    if (!Array.isArray(found)) return new Fault(name, "is no list");
    return listOf(found, name, readers, row);
  };
}

/** Reads a part that stands in the row once, or not at all. */
export function partReader(
  name: string,
  spec: { readonly of: string; readonly fields: InnerFields },
  { type, make }: FieldReader,
): Read {
  const path = compilePath(spec.of) as JsonPath;
  const readers = innerReaders(type, spec.fields, make);
  return (row, parent) => {
    const found = path(row, parent);
    if (found === undefined || found === null) return null;
    if (typeof found !== "object" || Array.isArray(found)) return new Fault(name, "is no object");
    return partOf(found, name, readers, row);
  };
}

type InnerReaders = readonly { readonly name: string; readonly read: Read }[];

function innerReaders(
  type: AvroType,
  fields: InnerFields,
  make: FieldReader["make"],
): InnerReaders {
  return (type as { readonly fields: readonly EntityField[] }).fields.map((field) => ({
    name: field.name,
    read: make(field, fields[field.name]),
  }));
}

function listOf(found: readonly unknown[], name: string, readers: InnerReaders, row: object) {
  const list: Record<string, unknown>[] = [];
  for (const [index, part] of found.entries()) {
    const record = partOf(part as object, `${name}[${index}]`, readers, row);
    if (record instanceof Fault) return record;
    list.push(record);
  }
  return list;
}

function partOf(part: object, place: string, readers: InnerReaders, row: object) {
  const record: Record<string, unknown> = {};
  for (const { name, read } of readers) {
    const value = read(part, row);
    if (value instanceof Fault) return new Fault(`${place}.${value.field}`, value.what);
    record[name] = value;
  }
  return record;
}
