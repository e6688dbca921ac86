import { hash } from "node:crypto";
import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan, Plan } from "../../pipeline/core/plan.ts";
import type { Sink } from "../sink.ts";
import { isReadById, unionPlan } from "../object-plans.ts";
import { asked, isLookup, isSetOnce, planOfKey } from "./compared-fields.ts";

/** One side of a comparison in a form both sides share. */
export interface Comparable {
  /** Canonical text per field of the plan; `<field>/<n>` of the n-th of several rows expected. */
  readonly fields: Readonly<Record<string, string | null>>;
  /** Hash over the fields that are compared as they stand. */
  readonly digest: string;
  /** Owner fields: what is asked for (see `asked`) on the expected side, a user id on the found side. */
  readonly owners: Readonly<Record<string, string>>;
  /** Create-only fields; the expected side leaves out what it does not say. */
  readonly stamps: Readonly<Record<string, string>>;
  /** Lookups that need a word with others: the target may be deleted, or is known by its id only. */
  readonly lookups: Readonly<Record<string, string>>;
  /** Decimal fields that hold something, for the sums. */
  readonly amounts: Readonly<Record<string, string>>;
}

/** What a load record asks for: `rows` holds a hash per row, and nothing where the record is one row. */
export interface Expected extends Comparable {
  readonly rows: readonly string[];
}

/** A row as read: `row` is the hash of the fields in which the rows of one record differ. */
export interface Found extends Comparable {
  readonly row: string;
}

type Fields<T> = Readonly<Record<string, T>>;

/** Makes both sides comparable, by object and entity. */
export interface Comparer {
  expected(
    object: string,
    entity: string,
    fields: Fields<FieldValue>,
    rows?: readonly Fields<FieldValue>[],
  ): Expected;
  found(object: string, key: string | null, fields: Fields<string | null>): Found;
}

/** A comparer for a plan; `canonical` is the sink's. */
export function openComparer(plan: Plan, canonical: Sink["canonical"]): Comparer {
  const byEntity = new Map(plan.objects.map((each) => [`${each.object}|${each.entity}`, each]));
  // A row without a key does not say which entity it came from: all of them are compared alike.
  for (const each of plan.objects.filter(isReadById)) {
    byEntity.set(`${each.object}|${each.entity}`, unionPlan(plan, each.object));
  }
  const text = (field: FieldPlan, value: FieldValue): string | null => {
    const asItStands = field.owner === true || field.reference !== undefined;
    return asItStands ? (value as string | null) : canonical(field, value);
  };
  return {
    expected(object, entity, fields, rows = []) {
      const of = byEntity.get(`${object}|${entity}`);
      if (of === undefined) return { ...nothing, rows: [] };
      const one = comparable(of, (field) => text(field, fields[field.name] ?? null), false);
      const texts = rows.map((row) =>
        rowTexts(of, (field) => text(field, row[field.name] ?? null)),
      );
      const numbered = texts.flatMap((row, index) =>
        row.map(([name, value]) => [`${name}/${index + 1}`, value] as const),
      );
      return {
        ...one,
        fields: { ...one.fields, ...Object.fromEntries(numbered) },
        rows: texts.map((row) => digestOf(row.map(([, value]) => value))),
      };
    },
    found(object, key, fields) {
      const of = planOfKey(plan, object, key);
      if (of === undefined) return { ...nothing, row: "" };
      const one = comparable(of, (field) => foundText(field, fields), true);
      const row = rowTexts(of, (field) => foundText(field, fields));
      return {
        ...one,
        fields: { ...fields, ...one.fields, ...Object.fromEntries(row) },
        row: row.length === 0 ? "" : digestOf(row.map(([, value]) => value)),
      };
    },
  };
}

const nothing: Comparable = {
  ...{ fields: {}, digest: "", owners: {}, stamps: {}, lookups: {}, amounts: {} },
};

function foundText(field: FieldPlan, fields: Fields<string | null>): string | null | undefined {
  const text = fields[field.name];
  // A user has no source key: the sink says `id:<user id>`.
  return field.owner === true && text ? text.replace(/^id:/, "") : text;
}

type TextOf = (field: FieldPlan) => string | null | undefined;

/** The fields in which a record's rows differ. */
function rowTexts(plan: ObjectPlan, textOf: TextOf): (readonly [string, string | null])[] {
  return plan.fields
    .filter((field) => field.perRow === true)
    .map((field) => [field.name, textOf(field) ?? null] as const);
}

function comparable(plan: ObjectPlan, textOf: TextOf, isFound: boolean): Comparable {
  const fields: Record<string, string | null> = {};
  const amounts: Record<string, string> = {};
  const owners: Record<string, string> = {};
  const stamps: Record<string, string> = {};
  const lookups: Record<string, string> = {};
  const plain: (string | null)[] = [];
  for (const field of plan.fields) {
    if (field.perRow === true) continue;
    const text = textOf(field);
    fields[field.name] = text ?? null;
    if (field.type === "decimal" && text) amounts[field.name] = text;
    if (field.owner === true) {
      const owner = isFound ? text : asked(plan, field, text ?? null);
      if (owner !== undefined && (owner !== null || isFound)) owners[field.name] = owner ?? "";
      // Whether the version that created the row asked for the same author.
      if (!isFound && isSetOnce(plan, field) && text) stamps[field.name] = `!${text}`;
    } else if (isSetOnce(plan, field)) {
      // Found and empty is a finding; expected and empty says nothing.
      if (text) stamps[field.name] = text;
      else if (isFound && text === null) stamps[field.name] = "";
    } else if (isLookup(field)) lookups[field.name] = text ?? "";
    else plain.push(text ?? null);
  }
  return { fields, digest: digestOf(plain), owners, stamps, lookups, amounts };
}

/** Lengths keep texts apart that would read the same in one string. */
function digestOf(texts: readonly (string | null)[]): string {
  let joined = "";
  for (const text of texts) joined += `${text === null ? "-" : text.length}:${text ?? ""};`;
  return hash("sha256", joined, "hex").slice(0, 24);
}
