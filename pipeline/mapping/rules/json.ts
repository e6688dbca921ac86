import { z } from "zod";
import type { Shape } from "../source-shape.ts";
import { requireType, rule } from "./rule.ts";

/** A set, or a nested record, as JSON text. */
export const json = rule({
  name: "json",
  doc: "A list or nested record as one JSON text, keys in the schema's order and moments written out in UTC; an empty list is an empty field. Custom properties land this way until each has a typed column of its own.",
  example: "PreferredWindows: { json: preferred_windows }",
  schema: z.strictObject({ json: z.string() }),
  compile(spec, site) {
    requireType(site, "textarea", "string");
    const { get, shape } = site.path(spec.json, "list", "record", "money");
    const written = holdsMoments(shape) ? (value: unknown) => spelt(value, shape) : undefined;
    return {
      read(record) {
        const value = get(record);
        if (value === null || (Array.isArray(value) && value.length === 0)) return null;
        return JSON.stringify(written === undefined ? value : written(value));
      },
    };
  },
});

function holdsMoments(shape: Shape): boolean {
  if (shape.kind === "list") return holdsMoments(shape.of);
  if (shape.kind === "record") return [...shape.fields.values()].some(holdsMoments);
  return shape.kind === "datetime";
}

/** The value with its moments as people read them. */
function spelt(value: unknown, shape: Shape): unknown {
  if (value === null || value === undefined) return value;
  if (shape.kind === "datetime") return new Date(Number(value)).toISOString();
  if (shape.kind === "list")
    return (value as readonly unknown[]).map((item) => spelt(item, shape.of));
  if (shape.kind !== "record") return value;
  const fields = Object.entries(value).map(([name, item]) => {
    const inner = shape.fields.get(name);
    return [name, inner === undefined ? item : spelt(item, inner)] as const;
  });
  return Object.fromEntries(fields);
}
