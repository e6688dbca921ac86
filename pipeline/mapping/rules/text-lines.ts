import { z } from "zod";
import { plainText } from "../plain-text.ts";
import { requireType, rule, type RuleSite, type Source } from "./rule.ts";

/** A text, and below it what has no field of its own. */
export const textLines = rule({
  name: "text_lines",
  doc: "A text as plain text, and below it a line for each labelled field that has a value, or of which the text is `over` so many characters: for objects whose custom fields are short, as an activity's are. Lists of words are joined, records are JSON.",
  example:
    'Details: { text_lines: notes, labelled: { Recurrence: recurrence, "Custom properties": custom } }',
  schema: z.strictObject({
    text_lines: z.string(),
    format: z.string().optional(),
    labelled: z.record(
      z.string(),
      z.union([z.string(), z.strictObject({ field: z.string(), over: z.int().min(1) })]),
    ),
  }),
  compile(spec, site) {
    requireType(site, "textarea");
    const { get } = site.path(spec.text_lines, "text");
    const format = spec.format === undefined ? () => null : site.path(spec.format, "text").get;
    const lines = Object.entries(spec.labelled).map(([label, of]) =>
      typeof of === "string"
        ? labelled(label, { field: of, over: 0 }, site)
        : labelled(label, of, site),
    );
    return {
      read(record) {
        const text = get(record) as string | null;
        const words = text === null ? "" : plainText(text, format(record) as string | null).trim();
        const below = lines.map((line) => line(record)).filter((line) => line !== undefined);
        const whole = [words, below.join("\n")].filter((part) => part !== "").join("\n\n");
        return whole === "" ? null : whole;
      },
    };
  },
});

function labelled(
  label: string,
  { field, over }: { readonly field: string; readonly over: number },
  site: RuleSite,
): (record: Source) => string | undefined {
  const { get } = site.path(field, "text", "int", "list", "record", "money");
  return (record) => {
    const value = get(record);
    if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) {
      return undefined;
    }
    const text = textOf(value);
    return text.length > over ? `${label}: ${text}` : undefined;
  };
}

function textOf(value: unknown): string {
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) {
    return value.join("; ");
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
