import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** What may change without a new approval: where servers are and what is kept on disk. */
const notPlanned: ReadonlySet<string> = new Set(["kafka", "clickhouse", "state_folder"]);
/** Owners are confirmed in control, each revision of them. */
const otherConfirmed: ReadonlySet<string> = new Set(["owners.yaml"]);

/**
 * SHA-256 (hex) over every YAML file of a migration folder, its mappings and decisions: the plan a
 * person confirms. Canonical: comments, layout and the order of keys do not change it.
 */
export function planHash(folder: string): string {
  const hash = createHash("sha256");
  for (const path of ["", "mappings", "decisions"].flatMap((part) => yamlFiles(folder, part))) {
    const value = parse(readFileSync(join(folder, path), "utf8")) as unknown;
    hash.update(`${path}\n${canonical(path === "migration.yaml" ? planned(value) : value)}\n`);
  }
  return hash.digest("hex");
}

function yamlFiles(folder: string, part: string): string[] {
  const place = join(folder, part);
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((file) => file.endsWith(".yaml") && !otherConfirmed.has(file))
    .sort()
    .map((file) => (part === "" ? file : `${part}/${file}`));
}

function planned(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !notPlanned.has(key)));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}
