import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { SourceRecord } from "../../pipeline/core/source-record.ts";
import { type CompiledPlan, compilePlan } from "../../pipeline/mapping/compile.ts";
import type { MapResult } from "../../pipeline/mapping/mapper.ts";

/** The default mappings to Salesforce. */
export const defaultFolder = join(import.meta.dirname, "../../pipeline/mapping/salesforce");

/** Compiles a folder of mappings. */
export function compiledFrom(folder: string, auditFields = true): CompiledPlan {
  return compilePlan({ folder, settings: { audit_fields: auditFields }, hash: "the-plan" });
}

const defaults = compiledFrom(defaultFolder);

/** What the default mapping of an entity makes of a record. */
export function mapped(entity: string, record: SourceRecord): MapResult {
  const version = { run: 1, topic: `m.source.${entity}`, partition: 2, offset: 7 };
  const mapper = defaults.mappers.get(entity)?.[0];
  if (mapper === undefined) throw new Error(`No default mapping takes ${entity}.`);
  return mapper.map(record, { version, committedAt: 1_700_000_000_000 });
}

/** The fields of the row the default mapping makes; fails the test where it makes none. */
export function fieldsOf(
  entity: string,
  record: SourceRecord,
): Readonly<Record<string, FieldValue>> {
  const result = mapped(entity, record);
  if (result.kind !== "mapped" || result.record.fields === null) {
    throw new Error(`No row: ${JSON.stringify(result)}`);
  }
  return result.record.fields;
}

/** A copy of the default mappings with one text of one file replaced. */
export function foolishFolder(file: string, from: string, to: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cutover-mapping-"));
  cpSync(defaultFolder, folder, { recursive: true });
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(path, text.replace(from, to));
  return folder;
}
