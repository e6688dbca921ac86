import { CutoverError } from "../../pipeline/core/errors.ts";
import { type MappingFile, readMappings } from "../../pipeline/mapping/mapping-file.ts";
import { page, table } from "./markdown.ts";

/** What lands where with the default mappings. */
export function mappingsPage(folder: string, title: string): string {
  const faults: string[] = [];
  const { mappings, notMapped } = readMappings(folder, faults);
  if (faults.length > 0) throw new CutoverError("MAPPING_INVALID", faults.join("\n"));
  return page(`Default mappings to ${title}`, [
    ...mappings.flatMap(mappingSection),
    "## Entities without a mapping",
    table(["entity", "why"], Object.entries(notMapped)),
  ]);
}

function mappingSection(mapping: MappingFile): string[] {
  const notCarried = Object.entries(mapping.not_carried);
  return [
    `## ${mapping.object} from ${mapping.from}`,
    ...conditionsOf(mapping),
    table(["field", "rule", "custom field"], rulesOf(mapping, mapping.fields)),
    ...(mapping.rows === undefined
      ? []
      : [
          "In each of a record's rows:",
          table(["field", "rule", "custom field"], rulesOf(mapping, mapping.rows)),
        ]),
    ...(notCarried.length === 0
      ? []
      : [`Not carried from ${mapping.from}:`, table(["field", "why"], notCarried)]),
  ];
}

/** What holds of the whole file, a sentence each. */
function conditionsOf(mapping: MappingFile) {
  const { setting, identity, natural_key: key, rows_when: when, find, custom_table } = mapping;
  const sentences = [
    setting === undefined ? "" : `Under \`${inline(setting)}\` only.`,
    when === undefined ? "" : `A row where \`${inline(when)}\` holds, else none.`,
    identities[identity].replace("KEY", (key ?? []).join(" and ")),
    find === undefined
      ? ""
      : `A row others made is found by ${find.by.join(" and ")} and taken over.`,
    custom_table === undefined ? "" : `The table is made for it: ${custom_table.label}.`,
  ];
  return [sentences.filter((sentence) => sentence !== "").join(" ")].filter((text) => text !== "");
}

const identities: Readonly<Record<MappingFile["identity"], string>> = {
  external_id: "",
  natural: "A row is known by KEY.",
  content: "A row is known by its parent and content.",
  primary_key: "A row is known by an id made of the source key.",
  user: "A row is a user of the org, confirmed beforehand; none is ever made.",
};

function rulesOf(mapping: MappingFile, fields: MappingFile["fields"]): string[][] {
  return Object.entries(fields).map(([name, yaml]) => [
    `\`${name}\``,
    `\`${inline(yaml)}\``,
    typeText(mapping.custom_fields[name]),
  ]);
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
  if (value === null || typeof value !== "object") return String(value).replaceAll("\n", "\\n");
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${inline(item)}`);
  return `{ ${entries.join(", ")} }`;
}
