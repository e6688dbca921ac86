/** The emptiest value of an Avro schema. */
export function blank(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.includes("null") ? null : blank(schema[0]);
  if (typeof schema === "string") {
    return { string: "", boolean: false, bytes: Buffer.alloc(0) }[schema] ?? 0;
  }
  const { type, fields } = schema as { type: unknown; fields?: { name: string; type: unknown }[] };
  if (type === "array") return [];
  if (type === "map") return {};
  if (type !== "record") return blank(type);
  return Object.fromEntries((fields ?? []).map((field) => [field.name, blank(field.type)]));
}
