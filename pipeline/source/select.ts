import type { Money } from "../core/generated/records.ts";
import type { SourceEntity } from "../core/source-record.ts";
import { asBoolean, asDecimal, asInt, asText, asTime, type Coerce, Fault } from "./coerce.ts";
import { customValuesOf } from "./custom-values.ts";
import { type AvroType, type EntityField, entityFields, withoutNull } from "./entity-schema.ts";
import { compilePath, type JsonPath } from "./json-path.ts";
import type { FieldSpec } from "./profile-schema.ts";

/** The own fields of a canonical record, in the schema's order; meta and members are added later. */
export type OwnFields = Record<string, unknown> & { id: string };

/** How texts without an offset and numbers are to be read as times. */
export interface TimeReading {
  readonly timezone: string;
  readonly format: "iso8601" | "epoch_s" | "epoch_ms";
}

/**
 * Makes a canonical record of a row, or says which field is wrong. Absent values are null, empty or
 * false, whichever the schema allows; a value that must not be absent is a fault.
 */
export type Select = (row: object) => OwnFields | Fault;

type Read = (row: object) => unknown;

/** Compiles a stream's `fields` once; `given` are fields that come from elsewhere (a child's parent). */
export function compileSelect(
  entity: SourceEntity,
  fields: Readonly<Record<string, FieldSpec>>,
  options: TimeReading & { readonly idField?: string; readonly given?: readonly string[] },
): Select {
  const specs: Record<string, FieldSpec> = {
    ...(options.idField === undefined ? {} : { id: `$['${options.idField}']` }),
    ...fields,
  };
  const readers = entityFields(entity).map((field) => ({
    name: field.name,
    read: options.given?.includes(field.name)
      ? () => ""
      : reader(field, specs[field.name], options),
  }));
  return (row) => {
    const record: Record<string, unknown> = {};
    for (const { name, read } of readers) {
      const value = read(row);
      if (value instanceof Fault) return value;
      record[name] = value;
    }
    return record as OwnFields;
  };
}

function reader(field: EntityField, spec: FieldSpec | undefined, times: TimeReading): Read {
  const { name } = field;
  const { type, nullable } = withoutNull(field.type);
  const empty = emptyOf(name, type, nullable);
  if (spec === undefined) return () => empty;
  if (typeof spec === "object" && "money" in spec) return moneyReader(name, spec);
  if (typeof spec === "object") return listReader(name, spec, type, times);
  const path = pathOf(spec);
  if (typeof type === "object" && "items" in type) {
    return (row) => texts(path(row), name);
  }
  const coerce = coercionOf(type, times);
  return (row) => {
    const value = coerce(path(row), name);
    return value === null ? empty : value;
  };
}

function pathOf(text: string): JsonPath {
  return compilePath(text) as JsonPath;
}

/** What stands for an absent value; a row is alive unless it says otherwise. */
function emptyOf(name: string, type: AvroType, nullable: boolean): unknown {
  if (nullable) return null;
  if (type === "boolean") return name === "active";
  if (typeof type === "object" && "items" in type) return [];
  return new Fault(name, "is missing");
}

function coercionOf(type: AvroType, times: TimeReading): Coerce<unknown> {
  if (type === "boolean") return asBoolean;
  if (type === "int") return asInt;
  if (typeof type === "object" && "logicalType" in type) {
    return asTime(times.format, times.timezone);
  }
  return asText;
}

function texts(found: unknown, name: string): unknown {
  if (found === undefined || found === null) return [];
  if (!Array.isArray(found)) return new Fault(name, "is no list");
  const list: string[] = [];
  for (const value of found) {
    const text = asText(value, name);
    if (text instanceof Fault) return text;
    if (text !== null) list.push(text);
  }
  return list;
}

function moneyReader(
  name: string,
  spec: { readonly money: string; readonly currency?: string | undefined },
): Read {
  const amountPath = pathOf(spec.money);
  const currencyPath = spec.currency === undefined ? undefined : pathOf(spec.currency);
  return (row) => {
    const amount = asDecimal(amountPath(row), name);
    if (amount === null || amount instanceof Fault) return amount;
    const currency = asText(currencyPath?.(row), name);
    return currency instanceof Fault
      ? currency
      : ({ amount, currency: currency === "" ? null : currency } satisfies Money);
  };
}

function listReader(
  name: string,
  spec: { readonly each: string; readonly fields: Readonly<Record<string, string>> },
  type: AvroType,
  times: TimeReading,
): Read {
  const path = pathOf(spec.each);
  if (name === "custom") return (row) => customValuesOf(path(row), spec.fields);
  const { items } = type as { readonly items: { readonly fields: readonly EntityField[] } };
  const readers = items.fields.map((field) => ({
    name: field.name,
    read: reader(field, spec.fields[field.name], times),
  }));
  return (row) => {
    const found = path(row);
    if (found === undefined || found === null) return [];
    if (!Array.isArray(found)) return new Fault(name, "is no list");
    return listOf(found, name, readers);
  };
}

function listOf(
  found: readonly unknown[],
  name: string,
  readers: readonly { name: string; read: Read }[],
): unknown {
  const list: Record<string, unknown>[] = [];
  for (const [index, part] of found.entries()) {
    const record: Record<string, unknown> = {};
    for (const inner of readers) {
      const value = inner.read(part as object);
      if (value instanceof Fault) return new Fault(`${name}[${index}].${value.field}`, value.what);
      record[inner.name] = value;
    }
    list.push(record);
  }
  return list;
}
