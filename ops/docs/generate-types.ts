import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Schema = string | Schema[] | { [key: string]: unknown };

const primitives: Record<string, string> = {
  null: "null",
  boolean: "boolean",
  int: "number",
  long: "number",
  double: "number",
  string: "string",
  bytes: "Buffer",
};

/** TypeScript interfaces of all hand-written record schemas, as one file's text. */
export function generateTypes(schemasFolder: string): string {
  const records = new Map<string, string>();
  for (const folder of ["shared", "source", "cutover"]) {
    for (const file of readdirSync(join(schemasFolder, folder)).sort()) {
      typeOf(JSON.parse(readFileSync(join(schemasFolder, folder, file), "utf8")), records);
    }
  }
  const names = [...records.keys()].sort();
  return [
    "// Generated from schemas/ by `npm run generate`. Do not edit.",
    "",
    ...names.map((name) => records.get(name)),
  ].join("\n");
}

function typeOf(schema: Schema, records: Map<string, string>): string {
  if (typeof schema === "string") return primitives[schema] ?? (schema.split(".").at(-1) as string);
  if (Array.isArray(schema)) return schema.map((part) => typeOf(part, records)).join(" | ");
  const type = schema["type"] as Schema;
  if (type === "array") return `readonly ${wrap(typeOf(schema["items"] as Schema, records))}[]`;
  if (type === "map") {
    return `Readonly<Record<string, ${typeOf(schema["values"] as Schema, records)}>>`;
  }
  if (type !== "record") return typeOf(type, records);
  const name = schema["name"] as string;
  records.set(name, recordText(schema, records));
  return name;
}

function wrap(type: string): string {
  return type.includes("|") ? `(${type})` : type;
}

function recordText(schema: { [key: string]: unknown }, records: Map<string, string>): string {
  const fields = schema["fields"] as { name: string; type: Schema; doc?: string }[];
  const lines = fields.flatMap((field) => [
    ...(field.doc ? [`  /** ${field.doc} */`] : []),
    `  readonly ${field.name}: ${typeOf(field.type, records)};`,
  ]);
  const { doc, name } = schema as { doc: string; name: string };
  return `/** ${doc} */\nexport interface ${name} {\n${lines.join("\n")}\n}\n`;
}
