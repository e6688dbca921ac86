import { readdirSync, readFileSync } from "node:fs";

type Json = string | Json[] | { [key: string]: unknown };

const root = new URL("../../schemas/", import.meta.url);
const shared = new Map<string, Json>();

/** A record schema below `schemas/` with the shared types it names put in at their first use. */
export function readSchema(path: string): object {
  return inlineShared(JSON.parse(readFileSync(new URL(`${path}.avsc`, root), "utf8")));
}

/** Puts the shared types a schema names into it, each at its first use. */
export function inlineShared(schema: object): object {
  if (shared.size === 0) {
    for (const file of readdirSync(new URL("shared/", root))) {
      const type = JSON.parse(readFileSync(new URL(`shared/${file}`, root), "utf8"));
      shared.set(`${type.namespace}.${type.name}`, type);
    }
  }
  return inlined(schema as Json, new Set()) as object;
}

function inlined(schema: Json, done: Set<string>): Json {
  if (typeof schema === "string") {
    const type = shared.get(schema);
    if (type === undefined || done.has(schema)) return schema;
    done.add(schema);
    return inlined(type, done);
  }
  if (Array.isArray(schema)) return schema.map((part) => inlined(part, done));
  const copy: { [key: string]: unknown } = { ...schema };
  for (const part of ["type", "items", "values"]) {
    if (copy[part] !== undefined) copy[part] = inlined(copy[part] as Json, done);
  }
  if (Array.isArray(copy["fields"])) {
    copy["fields"] = (copy["fields"] as Json[]).map((field) => inlined(field, done));
  }
  return copy;
}
