import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan } from "../../pipeline/core/plan.ts";
import { canonical as plain } from "../canonical.ts";
import { canonicalHtml } from "./canonical-html.ts";

/**
 * The comparable text of a value, the same for what we write and for what Dynamics then holds: as for
 * every destination, and markup by what it says. Choices are their labels: they are translated where
 * rows are written and read.
 */
export function canonical(field: FieldPlan, value: FieldValue): string | null {
  if (field.html !== true || value === null) return plain(field, value);
  const html = canonicalHtml(String(value));
  return html === "" ? null : html;
}
