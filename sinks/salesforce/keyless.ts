import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { AskedRow, ClaimedByOther, SinkRow } from "../sink.ts";
import { canonical, parseDatetime } from "../canonical.ts";
import type { Fields } from "./chain.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import { type SoqlRow, soqlPages } from "./soql-pages.ts";
import { soqlChunks, soqlIn, soqlSelect } from "./soql.ts";

/** Fields that say which row it is: its natural key, or its parent and what it holds. */
export function identityFields(plan: ObjectPlan): readonly FieldPlan[] {
  if (plan.identity === "natural") {
    return plan.fields.filter(({ name }) => plan.naturalKey?.includes(name) === true);
  }
  const parent = parentField(plan);
  return plan.fields.filter((field) => field === parent || field.perRow === true);
}

/** The field by whose values the rows that may be meant are read: only lookups can be asked for. */
export function parentField(plan: ObjectPlan): FieldPlan {
  const named = plan.fields.find(({ name }) => name === plan.naturalKey?.[0]);
  const field = named ?? plan.fields.find(({ reference }) => reference !== undefined);
  if (field === undefined) throw new Error(`${plan.object} has no parent to be found by.`);
  return field;
}

/** What a row is known by, as text; the same for what is sent and for what is read. */
export function fingerprint(plan: ObjectPlan, fields: SoqlRow | Fields): string {
  const values = identityFields(plan).map((field) =>
    canonical(field, (fields[field.name] ?? null) as FieldValue),
  );
  return JSON.stringify(values);
}

/** The rows of a record: what all share, and what each has of its own. */
export function partsOf(row: SinkRow): readonly Fields[] {
  const { fields, rows } = row;
  return rows === undefined ? [fields] : rows.map((own) => ({ ...fields, ...own }));
}

/** Reads every row that has one of the records' parents, by id. */
export async function neighbours(
  client: SalesforceClient,
  plan: ObjectPlan,
  rows: readonly SinkRow[],
): Promise<ReadonlyMap<string, SoqlRow>> {
  const parent = parentField(plan).name;
  const parents = rows.flatMap((row) => partsOf(row).map((part) => part[parent]));
  const ids = [...new Set(parents)].filter((id) => typeof id === "string");
  const columns = ["Id", ...plan.fields.map(({ name }) => name), "SystemModstamp"];
  if (plan.identity === "content") columns.push("LastModifiedById");
  const found = new Map<string, SoqlRow>();
  for (const chunk of soqlChunks(ids)) {
    const soql = soqlSelect(columns, plan.object, soqlIn(parent, chunk));
    for await (const page of soqlPages(client, soql)) {
      for (const row of page) found.set(row["Id"] as string, row);
    }
  }
  return found;
}

/**
 * What stands of records whose fate is unknown: the ids they have, and beside them rows that hold
 * what was sent and that no other key has, as a multiset. Of a comment only those we wrote last:
 * another person's equal one stays theirs.
 */
export async function askKeyless(
  client: SalesforceClient,
  plan: ObjectPlan,
  rows: readonly SinkRow[],
  claimed: ClaimedByOther,
): Promise<ReadonlyMap<string, AskedRow>> {
  const near = await neighbours(client, plan, rows);
  const known = new Set(rows.flatMap(idsOf));
  const free = new Map<string, SoqlRow[]>();
  for (const [id, row] of near) {
    const ours = plan.identity === "natural" || row["LastModifiedById"] === client.userId;
    if (!ours || known.has(id)) continue;
    const name = fingerprint(plan, row);
    const same = free.get(name);
    if (same === undefined) free.set(name, [row]);
    else same.push(row);
  }
  const found = new Map<string, AskedRow>();
  for (const row of rows) {
    const asked = askedOf(plan, row, near, free, claimed);
    if (asked !== undefined) found.set(row.key, asked);
  }
  return found;
}

function askedOf(
  plan: ObjectPlan,
  row: SinkRow,
  near: ReadonlyMap<string, SoqlRow>,
  free: ReadonlyMap<string, SoqlRow[]>,
  claimed: ClaimedByOther,
): AskedRow | undefined {
  const before = idsOf(row);
  const missing = new Map<number, Fields>();
  const ids: string[] = [];
  let whole = true;
  for (const [at, part] of partsOf(row).entries()) {
    const standing = near.get(before[at] ?? "");
    const name = fingerprint(plan, part);
    if (standing !== undefined && fingerprint(plan, standing) === name)
      ids.push(before[at] as string);
    else missing.set(at, part);
  }
  for (const part of missing.values()) {
    const same = free.get(fingerprint(plan, part)) ?? [];
    const at = closest(same, part, (id) => claimed(id, row.key));
    if (at < 0) whole = false;
    else ids.push(...same.splice(at, 1).map((each) => each["Id"] as string));
  }
  // What it had before and has not now is still to go.
  const rest = before.filter((id) => !ids.includes(id));
  const [destinationId, ...moreIds] = [...ids, ...rest];
  if (destinationId === undefined) return undefined;
  const first = near.get(destinationId);
  return {
    ...rowOf(plan, destinationId, first),
    key: row.key,
    moreIds,
    whole: whole && rest.length === 0,
  };
}

/** Among equal rows the one created at the same moment, if any: it reads best, and harms nothing. */
function closest(same: readonly SoqlRow[], part: Fields, taken: (id: string) => boolean): number {
  const free = [...same.keys()].filter((at) => !taken(same[at]?.["Id"] as string));
  const created = part["CreatedDate"];
  const exact = free.find(
    (at) =>
      typeof created === "number" &&
      parseDatetime(String(same[at]?.["CreatedDate"])) === Math.floor(created / 1000) * 1000,
  );
  return exact ?? free[0] ?? -1;
}

function idsOf({ destinationId, moreIds = [] }: SinkRow): readonly string[] {
  return destinationId === null ? [] : [destinationId, ...moreIds];
}

function rowOf(plan: ObjectPlan, destinationId: string, row: SoqlRow = {}) {
  const fields: Record<string, string | null> = {};
  for (const field of plan.fields) {
    const value = (row[field.name] ?? null) as FieldValue;
    const lookup = field.reference !== undefined && value !== null;
    fields[field.name] = lookup ? `id:${String(value)}` : canonical(field, value);
  }
  const modifiedAt = parseDatetime(String(row["SystemModstamp"] ?? ""));
  return {
    object: plan.object,
    destinationId,
    deleted: false,
    fields,
    modifiedAt: Number.isNaN(modifiedAt) ? 0 : modifiedAt,
    modifiedBy: (row["LastModifiedById"] as string | null | undefined) ?? null,
  };
}
