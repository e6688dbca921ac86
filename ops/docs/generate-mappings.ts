import { CutoverError } from "../../pipeline/core/errors.ts";
import { type MappingFile, readMappings } from "../../pipeline/mapping/mapping-file.ts";
import { page, table } from "./markdown.ts";

/** What lands where with the default mappings. */
export function mappingsPage(folder: string): string {
  const faults: string[] = [];
  const { mappings, notMapped } = readMappings(folder, faults);
  if (faults.length > 0) throw new CutoverError("MAPPING_INVALID", faults.join("\n"));
  return page("Default mappings to Salesforce", [
    ...mappings.flatMap(mappingSection),
    "## Entities without a mapping",
    table(["entity", "why"], Object.entries(notMapped)),
  ]);
}

function mappingSection(mapping: MappingFile): string[] {
  const fields = Object.entries(mapping.fields).map(([name, yaml]) => [
    `\`${name}\``,
    `\`${inline(yaml)}\``,
    typeText(mapping.custom_fields[name]),
  ]);
  return [
    `## ${mapping.object} from ${mapping.from}`,
    table(["field", "rule", "custom field"], fields),
    `Not carried from ${mapping.from}:`,
    table(["field", "why"], Object.entries(mapping.not_carried)),
  ];
}

function typeText(spec: MappingFile["custom_fields"][string] | undefined): string {
  if (spec === undefined) return "standard";
  const { type, length, precision, scale, reference_to: to } = spec;
  if (length !== undefined) return `${type}(${length})`;
  if (precision !== undefined) return `${type}(${precision}, ${scale ?? 0})`;
  return to === undefined ? type : `${type} to ${to}`;
}

/** A rule on one line, as a mapping would write it. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (value === null || typeof value !== "object") return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${inline(item)}`);
  return `{ ${entries.join(", ")} }`;
}
