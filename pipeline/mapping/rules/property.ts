import { z } from "zod";
import type { CustomValue } from "../../core/generated/records.ts";
import { propertyReader } from "../property-value.ts";
import { rule, type Source } from "./rule.ts";

/** A custom property in a field of its own. */
export const property = rule({
  name: "property",
  doc: "The value of a custom property, as its field's type has it. A value that does not fit leaves the field empty: it stands among the misfits, and with all the others in the properties' JSON. Of a key that comes twice the first counts.",
  example: "EquipmentModel: { property: equipment_model }",
  schema: z.strictObject({ property: z.string() }),
  compile(spec, site) {
    const { get } = site.path("custom", "list");
    const read = propertyReader(site.target, site.destination);
    const unset = site.target.type === "boolean" ? false : null;
    return {
      read(record) {
        const text = valueOf(get(record) as readonly CustomValue[], spec.property);
        return text === undefined ? unset : (read(text) ?? unset);
      },
    };
  },
});

/** The text of a property's first value; undefined where there is none. */
function valueOf(custom: readonly CustomValue[], key: string): string | undefined {
  const value = custom.find((each) => each.key === key)?.value ?? "";
  return value.trim() === "" ? undefined : value;
}

/** What of the custom properties found no place in its own field. */
export const misfits = rule({
  name: "misfits",
  doc: "The values of custom properties that do not fit the field of their property, one `label: value` on a line; also what a key that comes twice says after its first value.",
  example: "Misfits: { misfits: custom }",
  schema: z.strictObject({ misfits: z.literal("custom") }),
  compile(_, site) {
    const { get } = site.path("custom", "list");
    const readers = new Map(
      site.properties.map(({ key, label, target }) => [
        key,
        { label, read: propertyReader(target, site.destination) },
      ]),
    );
    if (readers.size === 0) return { read: () => null };
    return {
      read(record: Source) {
        const seen = new Set<string>();
        const lines: string[] = [];
        for (const { key, label, value } of get(record) as readonly CustomValue[]) {
          const reader = readers.get(key);
          if (reader === undefined || value === null || value.trim() === "") continue;
          const fits = !seen.has(key) && reader.read(value) !== undefined;
          seen.add(key);
          if (!fits) lines.push(`${label ?? reader.label}: ${value}`);
        }
        return lines.length === 0 ? null : lines.join("\n");
      },
    };
  },
});
