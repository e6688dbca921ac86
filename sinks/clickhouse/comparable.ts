import { hash } from "node:crypto";
import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan, Plan } from "../../pipeline/core/plan.ts";
import type { Sink } from "../sink.ts";

/** The two sides of a comparison in one form. */
export interface Comparable {
  /** Canonical text per field of the plan. */
  readonly fields: Readonly<Record<string, string | null>>;
  /** Hash over the fields that are compared as they stand. */
  readonly digest: string;
  /** Owner fields: a source key on the expected side, a user id on the found side. */
  readonly owners: Readonly<Record<string, string>>;
  /** Create-only fields; the expected side leaves out what it does not say. */
  readonly stamps: Readonly<Record<string, string>>;
  /** Lookups that are cleared when their target is deleted. */
  readonly clearable: Readonly<Record<string, string>>;
  /** Decimal fields that hold something, for the sums. */
  readonly amounts: Readonly<Record<string, string>>;
}

/** Makes both sides comparable, by object and entity. */
export interface Comparer {
  expected(
    object: string,
    entity: string,
    fields: Readonly<Record<string, FieldValue>>,
  ): Comparable;
  found(
    object: string,
    key: string | null,
    fields: Readonly<Record<string, string | null>>,
  ): Comparable;
}

/** Whether a field's comparison may accept an empty lookup: its target may have been deleted. */
export function isClearable(field: FieldPlan): boolean {
  return field.reference?.whenDeleted === "clear";
}

/** A comparer for a plan; `canonical` is the sink's. */
export function openComparer(plan: Plan, canonical: Sink["canonical"]): Comparer {
  const byEntity = new Map(plan.objects.map((each) => [`${each.object}|${each.entity}`, each]));
  return {
    expected(object, entity, fields) {
      const of = byEntity.get(`${object}|${entity}`);
      if (of === undefined) return nothing;
      return comparable(of, (field) => {
        const value = fields[field.name] ?? null;
        const asItStands = field.owner === true || field.reference !== undefined;
        return asItStands ? (value as string | null) : canonical(field, value);
      });
    },
    found(object, key, fields) {
      const of = planOfKey(plan, object, key);
      return of === undefined ? nothing : comparable(of, (field) => foundText(field, fields), true);
    },
  };
}

const nothing: Comparable = {
  fields: {},
  digest: "",
  owners: {},
  stamps: {},
  clearable: {},
  amounts: {},
};

/** Several entities may feed one object: the key says which. */
function planOfKey(plan: Plan, object: string, key: string | null): ObjectPlan | undefined {
  const candidates = plan.objects.filter((each) => each.object === object);
  if (candidates.length < 2 || key === null) return candidates[0];
  return candidates
    .filter((each) => key.startsWith(`${each.entity}-`))
    .sort((a, b) => b.entity.length - a.entity.length)[0];
}

function foundText(field: FieldPlan, fields: Readonly<Record<string, string | null>>) {
  const text = fields[field.name];
  // A user has no source key: the sink says `id:<user id>`.
  return field.owner === true && text ? text.replace(/^id:/, "") : text;
}

function comparable(
  plan: ObjectPlan,
  textOf: (field: FieldPlan) => string | null | undefined,
  isFound = false,
): Comparable {
  const fields: Record<string, string | null> = {};
  const amounts: Record<string, string> = {};
  const parts = { owners: {}, stamps: {}, clearable: {} } as Record<
    "owners" | "stamps" | "clearable",
    Record<string, string>
  >;
  let plain = "";
  for (const field of plan.fields) {
    const text = textOf(field);
    fields[field.name] = text ?? null;
    if (field.type === "decimal" && text) amounts[field.name] = text;
    const part = partOf(field);
    if (part === "plain")
      plain += `${text === null || text === undefined ? "-" : text.length}:${text ?? ""};`;
    else if (text !== null && text !== undefined) parts[part][field.name] = text;
    // Found and empty is a finding; expected and empty says nothing of stamps and owners.
    else if ((isFound && text === null) || part === "clearable") parts[part][field.name] = "";
  }
  return { fields, digest: hash("sha256", plain, "hex").slice(0, 24), ...parts, amounts };
}

function partOf(field: FieldPlan): "owners" | "stamps" | "clearable" | "plain" {
  if (field.owner === true) return "owners";
  if (field.createOnly === true) return "stamps";
  return isClearable(field) ? "clearable" : "plain";
}
