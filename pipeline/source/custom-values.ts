import type { CustomValue } from "../core/generated/records.ts";
import { Fault } from "./coerce.ts";
import { compilePath, type JsonPath } from "./json-path.ts";

const compiled = new Map<string, JsonPath>();

function at(part: unknown, path: string | undefined): unknown {
  if (path === undefined) return undefined;
  let read = compiled.get(path);
  if (read === undefined) {
    read = compilePath(path) as JsonPath;
    compiled.set(path, read);
  }
  return read(part);
}

/** The custom properties of a row; `fields` say where key, label and value stand in each. */
export function customValuesOf(
  found: unknown,
  fields: Readonly<Record<string, string>>,
): readonly CustomValue[] | Fault {
  if (found === undefined || found === null) return [];
  if (!Array.isArray(found)) return new Fault("custom", "is no list");
  const values: CustomValue[] = [];
  for (const [index, part] of found.entries()) {
    const key = at(part, fields["key"]);
    if (typeof key !== "string" && typeof key !== "number") {
      return new Fault(`custom[${index}].key`, "is missing");
    }
    const label = at(part, fields["label"]);
    const value = at(part, fields["value"]);
    values.push({
      key: String(key),
      label: label === undefined || label === null ? null : String(label),
      value: textOf(value),
      type_guess: guessOf(value),
    });
  }
  return values;
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A guess by this one value; the definition, where the source has one, knows better. */
function guessOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (typeof value === "number" || typeof value === "boolean") return typeof value;
  if (typeof value !== "string") return "unknown";
  if (/^-?\d+(\.\d+)?$/.test(value)) return "number";
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return "date";
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value) ? "datetime" : "text";
}
