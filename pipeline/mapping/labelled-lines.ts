import { z } from "zod";
import { compileCondition, conditionSchema } from "./condition.ts";
import { escapedText } from "./html-escape.ts";
import type { RuleSite, Source } from "./rules/rule.ts";

/** Fields by the label they stand behind, each only while a condition holds. */
export const labelledSchema = z.record(
  z.string(),
  z.union([z.string(), z.strictObject({ field: z.string(), when: conditionSchema })]),
);

/** The labelled fields of a record that have a value, as one paragraph of HTML; empty where none has. */
export function labelledHtml(
  labelled: z.infer<typeof labelledSchema>,
  site: RuleSite,
): (record: Source) => string {
  const lines = Object.entries(labelled).map(([label, of]) => {
    const { field, when } = typeof of === "string" ? { field: of, when: undefined } : of;
    const holds = when === undefined ? () => true : compileCondition(when, site);
    const { get, shape } = site.path(field, "text", "int", "datetime", "list", "record", "money");
    const shown = shape.kind === "datetime" ? timeOf : textOf;
    return (record: Source): string | undefined => {
      const value = holds(record) ? get(record) : null;
      if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) {
        return undefined;
      }
      return `${escapedText(label)}: ${escapedText(shown(value)).replaceAll("\n", "<br>")}`;
    };
  });
  return (record) => {
    const written = lines.map((line) => line(record)).filter((line) => line !== undefined);
    return written.length === 0 ? "" : `<p>${written.join("<br>")}</p>`;
  };
}

function timeOf(value: unknown): string {
  return `${new Date(Number(value)).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function textOf(value: unknown): string {
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) {
    return value.join("; ");
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
