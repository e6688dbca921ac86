import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FieldValue, LoadRecord } from "../../pipeline/core/load-record.ts";
import type { SourceRecord } from "../../pipeline/core/source-record.ts";
import { type CompiledPlan, compilePlan } from "../../pipeline/mapping/compile.ts";
import type { MapResult } from "../../pipeline/mapping/mapper.ts";
import type { MappingSettings } from "../../pipeline/mapping/settings.ts";

/** The default mappings to Salesforce. */
export const defaultFolder = join(import.meta.dirname, "../../pipeline/mapping/salesforce");

/** Compiles a folder of mappings. */
export function compiledFrom(folder: string, auditFields = true): CompiledPlan {
  return compilePlan({
    folder,
    settings: { audit_fields: auditFields },
    destination: "salesforce",
    hash: "the-plan",
  });
}

/** Which row of an entity's a test is about, and under which settings; the first one where none is named. */
export interface Asked {
  readonly object?: string;
  readonly settings?: Partial<MappingSettings>;
  /** Text of a custom-properties.yaml beside the default mappings. */
  readonly properties?: string;
}

const compiled = new Map<string, CompiledPlan>();

function defaults({ settings = {}, properties }: Asked): CompiledPlan {
  const id = JSON.stringify([settings, properties]);
  const known = compiled.get(id);
  if (known !== undefined) return known;
  const folder = properties === undefined ? defaultFolder : withProperties(properties);
  const plan = compilePlan({
    folder,
    settings: { audit_fields: true, ...settings },
    destination: "salesforce",
    hash: "the-plan",
  });
  compiled.set(id, plan);
  return plan;
}

/** A copy of the default mappings with custom properties that have fields of their own. */
export function withProperties(properties: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cutover-mapping-"));
  cpSync(defaultFolder, folder, { recursive: true });
  writeFileSync(join(folder, "custom-properties.yaml"), properties);
  return folder;
}

/** What the default mapping of an entity makes of a record. */
export function mapped(entity: string, record: SourceRecord, asked: Asked = {}): MapResult {
  const version = { run: 1, topic: `m.source.${entity}`, partition: 2, offset: 7 };
  const mappers = defaults(asked).mappers.get(entity) ?? [];
  const mapper = mappers.find(
    ({ object }) => asked.object === undefined || object === asked.object,
  );
  if (mapper === undefined) throw new Error(`No default mapping takes ${entity}.`);
  return mapper.map(record, { version, committedAt: 1_700_000_000_000 });
}

/** The load record the default mapping makes; fails the test where it makes none. */
export function recordOf(entity: string, record: SourceRecord, asked: Asked = {}): LoadRecord {
  const result = mapped(entity, record, asked);
  if (result.kind !== "mapped") throw new Error(`No row: ${JSON.stringify(result)}`);
  return result.record;
}

/** The fields of the row the default mapping makes; fails the test where it makes none. */
export function fieldsOf(
  entity: string,
  record: SourceRecord,
  asked: Asked = {},
): Readonly<Record<string, FieldValue>> {
  const result = mapped(entity, record, asked);
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
