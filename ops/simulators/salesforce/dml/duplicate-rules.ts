import { z } from "zod";
import type { Value, Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import type { Row } from "../store/object-rows.ts";
import { type RowError, rowError } from "./row-error.ts";
import type { Writer } from "./write.ts";

/** A duplicate rule with its matching rule: rows whose fields are all equal, whatever their case. */
export const duplicateRule = z.strictObject({
  name: z.string().default("Standard_Duplicate_Rule"),
  object: z.string(),
  fields: z.array(z.string()).min(1),
  /** `alert` lets a client save all the same that asks for it by header; `block` lets nobody. */
  action: z.enum(["block", "alert"]).default("block"),
  message: z.string().default("Use one of these records?"),
});

type DuplicateRule = z.infer<typeof duplicateRule>;

/** The first active duplicate rule that a row as it would stand runs into. */
export function checkDuplicateRules(
  writer: Writer,
  object: SObject,
  values: Values,
  before: Row | undefined,
): RowError | undefined {
  for (const rule of writer.org.settings.current().duplicateRules) {
    if (rule.object !== object.name) continue;
    const changed = rule.fields.some((name) => values[name] !== before?.values[name]);
    if (!changed || (rule.action === "alert" && writer.allowSave === true)) continue;
    const matches = matchesOf(writer, rule, values, before);
    if (matches.length > 0) return detected(rule, matches);
  }
  return undefined;
}

function matchesOf(
  { org }: Writer,
  { object, fields }: DuplicateRule,
  values: Values,
  before: Row | undefined,
): Row[] {
  const wanted = fields.map((name) => folded(values[name]));
  if (wanted.includes("")) return [];
  const rows = org.rows(object);
  const key = fields.find((name) => rows.indexes.has(name));
  const hits = key === undefined ? undefined : rows.indexes.get(key)?.find(values[key] ?? null);
  const among = hits?.flatMap((n) => rows.get(n) ?? []) ?? rows.walk({ withDeleted: false });
  return [...among].filter(
    (row) =>
      row.n !== before?.n && fields.every((name, at) => folded(row.values[name]) === wanted[at]),
  );
}

function folded(value: Value | undefined): string {
  return String(value ?? "").toLowerCase();
}

/** The refusal, with the object that a REST error carries beside its message. */
function detected(rule: DuplicateRule, matches: readonly Row[]): RowError {
  const matchRecords = matches.map((row) => ({
    additionalInformation: [],
    fieldDiffs: [],
    matchConfidence: 100,
    record: { attributes: { type: rule.object }, Id: row.id },
  }));
  const result = {
    entityType: rule.object,
    errors: [],
    matchEngine: "ExactMatchEngine",
    matchRecords,
    rule: rule.name,
    size: matches.length,
    success: true,
  };
  const duplicateResult = {
    allowSave: rule.action === "alert",
    duplicateRule: rule.name,
    duplicateRuleEntityType: rule.object,
    errorMessage: rule.message,
    matchResults: [result],
  };
  return { ...rowError("DUPLICATES_DETECTED", rule.message), detail: { duplicateResult } };
}
