import { z } from "zod";
import type { Shape } from "../source-shape.ts";
import { MappingFault, requireType, rule } from "./rule.ts";

const kinds = ["text", "int", "boolean", "datetime", "money", "record", "list"] as const;

/** Several fields in one. */
export const jsonOf = rule({
  name: "json_of",
  doc: "Several fields as one JSON text, each by the name it is given here, moments written out in UTC; what has no value is left out, and where nothing has one the field is empty.",
  example: "RouteData: { json_of: { route: route_id, visits: appointments } }",
  schema: z.strictObject({ json_of: z.record(z.string(), z.string()) }),
  compile(spec, site) {
    requireType(site, "textarea", "string");
    const entries = Object.entries(spec.json_of).map(([name, path]) => {
      const { get, shape } = site.path(path, ...kinds);
      return { name, get, shape };
    });
    if (entries.length === 0) throw new MappingFault("names no field");
    return {
      read(record) {
        const said = entries.flatMap(({ name, get, shape }) => {
          const value = readable(get(record), shape);
          return value === undefined ? [] : [[name, value] as const];
        });
        return said.length === 0 ? null : JSON.stringify(Object.fromEntries(said));
      },
    };
  },
});

/** A value for people: undefined where there is none. */
function readable(value: unknown, shape: Shape): unknown {
  if (value === null || value === undefined || value === "") return undefined;
  if (shape.kind === "datetime") return new Date(Number(value)).toISOString();
  if (shape.kind === "list") {
    const items = (value as readonly unknown[]).map((item) => readable(item, shape.of));
    return items.length === 0 ? undefined : items;
  }
  if (shape.kind !== "record") return value;
  const fields = Object.entries(value).flatMap(([name, item]) => {
    const inner = shape.fields.get(name);
    const written = inner === undefined ? undefined : readable(item, inner);
    return written === undefined ? [] : [[name, written] as const];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}
