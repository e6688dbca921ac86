import type { Money } from "../core/generated/records.ts";
import type { SourceEntity } from "../core/source-record.ts";
import {
  asBoolean,
  asDecimal,
  asInt,
  asLong,
  asText,
  asTime,
  type Coerce,
  Fault,
} from "./coerce.ts";
import { type AvroType, type EntityField, entityFields, withoutNull } from "./entity-schema.ts";
import { compilePath, type JsonPath } from "./json-path.ts";
import type { FieldSpec } from "./profile-schema.ts";
import { type FieldReader, listReader, partReader, type Read } from "./select-parts.ts";

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
export type Select = (row: object, parent?: object) => OwnFields | Fault;

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
  return (row, parent) => {
    const record: Record<string, unknown> = {};
    for (const { name, read } of readers) {
      const value = read(row, parent);
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
  const inner = (of: AvroType): FieldReader => ({
    type: of,
    make: (each, innerSpec) => reader(each, innerSpec, times),
  });
  if (typeof spec === "object" && "money" in spec) return moneyReader(name, spec);
  if (typeof spec === "object" && "of" in spec) return partReader(name, spec, inner(type));
  if (typeof spec === "object") return listReader(name, spec, inner(type));
  const path = pathOf(spec);
  if (typeof type === "object" && "items" in type) {
    return (row, parent) => texts(path(row, parent), name);
  }
  const coerce = coercionOf(type, times);
  return (row, parent) => {
    const value = coerce(path(row, parent), name);
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
  if (type === "long") return asLong;
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
  return (row, parent) => {
    const amount = asDecimal(amountPath(row, parent), name);
    if (amount === null || amount instanceof Fault) return amount;
    const currency = asText(currencyPath?.(row, parent), name);
    return currency instanceof Fault
      ? currency
      : ({ amount, currency: currency === "" ? null : currency } satisfies Money);
  };
}
