import { createHash } from "node:crypto";
import { Decimal } from "decimal.js";
import type { FieldValue } from "../pipeline/core/load-record.ts";
import type { FieldPlan } from "../pipeline/core/plan.ts";

/**
 * The comparable text of a value, the same for what we write and for what a destination then holds:
 * texts lose edge whitespace, an empty text is null, line breaks are LF, e-mail addresses are
 * lower-case, decimals stand at the field's scale, datetimes are whole seconds, members of a
 * multi-select are sorted, an unset checkbox is false, a file is the SHA-256 of its bytes.
 */
export function canonical(field: FieldPlan, value: FieldValue): string | null {
  if (field.type === "boolean") return String(value === true || value === "true");
  if (value === null || value === "") return null;
  switch (field.type) {
    case "int":
      return new Decimal(String(value)).toFixed(0);
    case "decimal":
      return decimalText(value, field.scale ?? 2);
    case "datetime":
      return datetimeText(value);
    case "date":
      return String(value).slice(0, 10);
    case "multipicklist":
      return members(String(value));
    case "file":
      return fileDigest(String(value));
    case "email":
      return text(value)?.toLowerCase() ?? null;
    case "reference":
    case "string":
    case "textarea":
    case "phone":
    case "url":
    case "picklist":
      return text(value);
  }
}

function text(value: FieldValue): string | null {
  const trimmed = lineFeeds(String(value)).trim();
  return trimmed === "" ? null : trimmed;
}

/** The digest of what a file field stands for: a blob's name, or a content's own. */
function fileDigest(value: string): string {
  const [kind, rest] = [value.slice(0, value.indexOf(":")), value.slice(value.indexOf(":") + 1)];
  if (kind === "sha256") return rest.slice(0, 64);
  if (kind === "text") return createHash("sha256").update(rest, "utf8").digest("hex");
  return value;
}

/** Most decimals stand at their field's scale already. */
const plainDecimal = /^-?(?:0|[1-9]\d*)\.(\d+)$/;

function decimalText(value: FieldValue, scale: number): string {
  if (typeof value === "string" && plainDecimal.exec(value)?.[1]?.length === scale) {
    return signless(value);
  }
  const fixed = new Decimal(String(value)).toFixed(scale, Decimal.ROUND_HALF_UP);
  return signless(fixed);
}

/** Nothing below zero is zero. */
function signless(text: string): string {
  return /^-0(\.0+)?$/.test(text) ? text.slice(1) : text;
}

/** Destinations keep whole seconds in datetime fields, whatever is sent. */
function datetimeText(value: FieldValue): string {
  const at = typeof value === "number" ? value : parseDatetime(String(value));
  return new Date(Math.floor(at / 1000) * 1000).toISOString();
}

/** Epoch milliseconds of a datetime as destinations write it (`…Z`, or `…+0000`). */
export function parseDatetime(iso: string): number {
  return Date.parse(iso.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
}

function members(value: string): string | null {
  const list = value.split(";").flatMap((member) => text(member) ?? []);
  return list.length === 0 ? null : [...new Set(list)].sort().join(";");
}

/** Line breaks as LF. */
export function lineFeeds(value: string): string {
  return value.includes("\r") ? value.replace(/\r\n?/g, "\n") : value;
}
