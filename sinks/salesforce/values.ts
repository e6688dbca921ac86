import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan } from "../../pipeline/core/plan.ts";
import { canonical, lineFeeds } from "../canonical.ts";

/** What Bulk reads as "set to null": an empty cell would leave the field as it is. */
export const nullCell = "#N/A";

/** A number that stays the text it is: JSON.stringify would print a float. */
const exactJson = JSON as unknown as { rawJSON(text: string): unknown };

/** A value as a cell of a Bulk upload. */
export function cellOf(field: FieldPlan, value: FieldValue): string {
  return written(field, value) ?? nullCell;
}

/** A value as JSON for the synchronous APIs. */
export function jsonOf(field: FieldPlan, value: FieldValue): unknown {
  const text = written(field, value);
  if (text === null) return null;
  if (field.type === "boolean") return text === "true";
  if (field.type === "decimal" || field.type === "int") return exactJson.rawJSON(text);
  return text;
}

/** Texts go as they are, the rest in its comparable form; datetimes keep their milliseconds. */
function written(field: FieldPlan, value: FieldValue): string | null {
  if (value === null || value === "") return field.type === "boolean" ? "false" : null;
  switch (field.type) {
    case "datetime":
      return typeof value === "number" ? new Date(value).toISOString() : String(value);
    case "boolean":
    case "int":
    case "decimal":
    case "date":
    case "multipicklist":
      return canonical(field, value);
    case "file":
      throw new Error(`${field.name} is a file: it goes as bytes, never as a cell.`);
    case "reference":
    case "string":
    case "textarea":
    case "email":
    case "phone":
    case "url":
    case "picklist":
      return lineFeeds(String(value));
  }
}
