import { readFileSync } from "node:fs";

/** What a source field holds, as far as rules care. */
export type Shape =
  | { readonly kind: "text" | "int" | "boolean" | "datetime" }
  | { readonly kind: "money" }
  | { readonly kind: "record"; readonly fields: ReadonlyMap<string, Shape> }
  | { readonly kind: "list"; readonly of: Shape };

type Schema = string | Schema[] | { readonly [name: string]: unknown };

const schemas = new URL("../../schemas/", import.meta.url);
const shapes = new Map<string, ReadonlyMap<string, Shape>>();

/** The fields of a source entity, `meta` left out, as its Avro schema says. */
export function sourceFields(entity: string): ReadonlyMap<string, Shape> {
  let fields = shapes.get(entity);
  if (fields === undefined) {
    const all = new Map(recordFields(readSchema(`source/${entity}`)));
    all.delete("meta");
    fields = all;
    shapes.set(entity, fields);
  }
  return fields;
}

function readSchema(name: string): Schema {
  return JSON.parse(readFileSync(new URL(`${name}.avsc`, schemas), "utf8")) as Schema;
}

function recordFields(schema: Schema): ReadonlyMap<string, Shape> {
  const { fields } = schema as { fields: { name: string; type: Schema }[] };
  return new Map(fields.map(({ name, type }) => [name, shapeOf(type)]));
}

function shapeOf(type: Schema): Shape {
  if (Array.isArray(type)) return shapeOf(type.find((part) => part !== "null") as Schema);
  if (typeof type === "string") return namedShape(type);
  if (type["logicalType"] === "timestamp-millis") return { kind: "datetime" };
  if (type["type"] === "array") return { kind: "list", of: shapeOf(type["items"] as Schema) };
  if (type["type"] === "record") return { kind: "record", fields: recordFields(type) };
  return shapeOf(type["type"] as Schema);
}

function namedShape(type: string): Shape {
  if (type === "cutover.shared.Money") return { kind: "money" };
  if (type.startsWith("cutover.shared.")) {
    const name = type.slice("cutover.shared.".length);
    return { kind: "record", fields: recordFields(readSchema(`shared/${name}`)) };
  }
  if (type === "boolean") return { kind: "boolean" };
  return { kind: type === "int" || type === "long" ? "int" : "text" };
}
