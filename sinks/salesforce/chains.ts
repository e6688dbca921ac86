import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import type { SinkGroup, SinkRow } from "../sink.ts";
import { canonical } from "../canonical.ts";
import { Chain, type Fields } from "./chain.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import type { Refusal } from "./errors.ts";
import { isKeyless } from "../object-plans.ts";
import { fingerprint, identityFields, neighbours, partsOf } from "./keyless.ts";
import { fixedFields } from "./fixed-fields.ts";
import { type SoqlRow, soqlPages } from "./soql-pages.ts";
import { soqlChunks, soqlIn, soqlSelect } from "./soql.ts";
import { unsendable } from "./unsendable.ts";

/** What each record of a group takes; of rows without a key it is read first what stands there. */
export async function chainsOf(
  client: SalesforceClient,
  group: SinkGroup,
): Promise<readonly Chain[]> {
  const { plan, operation, rows } = group;
  const compare = operation === "update" && isKeyless(plan);
  const near = compare ? await neighbours(client, plan, rows) : new Map<string, SoqlRow>();
  const fixed = operation === "update" ? await standingFixed(client, plan, rows) : undefined;
  return rows.map((row) => {
    const chain = new Chain(plan, operation, row);
    const refusal = operation === "delete" ? undefined : refusalOf(plan, row);
    if (refusal !== undefined) chain.refuse(refusal);
    else if (operation === "delete") for (const id of idsOf(row)) chain.remove(id);
    else if (operation === "insert") addInserts(chain, row);
    else if (compare) makeEqual(chain, near);
    else if (fixed !== undefined) replaceOrUpdate(chain, fixed.get(row.destinationId as string));
    else chain.update(1, row.destinationId as string, row.fields);
    return chain;
  });
}

/** Why one of a record's rows must not leave. */
function refusalOf(plan: ObjectPlan, row: SinkRow): Refusal | undefined {
  for (const part of partsOf(row)) {
    const refusal = unsendable(plan, part);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** What the fields that never change hold now, by id; undefined where the plan has none. */
async function standingFixed(
  client: SalesforceClient,
  plan: ObjectPlan,
  rows: readonly SinkRow[],
): Promise<ReadonlyMap<string, SoqlRow> | undefined> {
  const names = fixedFields(plan);
  if (names.length === 0) return undefined;
  const found = new Map<string, SoqlRow>();
  for (const ids of soqlChunks(rows.flatMap(idsOf))) {
    const soql = soqlSelect(["Id", ...names], plan.object, soqlIn("Id", ids));
    for await (const page of soqlPages(client, soql)) {
      for (const row of page) found.set(row["Id"] as string, row);
    }
  }
  return found;
}

/** A row whose fixed fields have changed goes, and another of the same key comes. */
function replaceOrUpdate(chain: Chain, standing: SoqlRow | undefined): void {
  const { plan, row } = chain;
  const id = row.destinationId as string;
  const names = fixedFields(plan);
  const changed = names.some((name) => {
    const wanted = row.fields[name];
    return standing !== undefined && wanted !== undefined && wanted !== standing[name];
  });
  if (changed) {
    chain.remove(id);
    chain.insert(1, row.fields);
    return;
  }
  const rest = Object.entries(row.fields).filter(([name]) => !names.includes(name));
  chain.update(1, id, Object.fromEntries(rest));
}

function addInserts(chain: Chain, row: SinkRow): void {
  for (const [at, part] of partsOf(row).entries()) chain.insert(at + 1, part);
}

/**
 * Makes a record's rows equal to what it says, in place where that can be: what cannot be changed (the
 * parent, a pair) goes first, so that a crash between leaves one row too few and never one too many.
 */
function makeEqual(chain: Chain, near: ReadonlyMap<string, SoqlRow>): void {
  const { plan, row } = chain;
  const ids = idsOf(row);
  const parts = partsOf(row);
  for (const [at, id] of ids.entries()) {
    const standing = near.get(id);
    const part = parts[at];
    const stays = part !== undefined && standing !== undefined && sameWhere(plan, standing, part);
    if (!stays) chain.remove(id);
  }
  for (const [at, part] of parts.entries()) {
    const id = ids[at];
    const standing = id === undefined ? undefined : near.get(id);
    if (id === undefined || standing === undefined || !sameWhere(plan, standing, part)) {
      chain.insert(at + 1, part);
      continue;
    }
    const changes = changesOf(plan, standing, part);
    if (Object.keys(changes).length === 0) chain.keep(at + 1, id);
    else chain.update(at + 1, id, changes);
  }
}

/** Whether the row can become this part by an update: of the same pair, or under the same parent. */
function sameWhere(plan: ObjectPlan, standing: SoqlRow, part: Fields): boolean {
  if (plan.identity === "natural") return fingerprint(plan, standing) === fingerprint(plan, part);
  return identityFields(plan)
    .filter(({ perRow }) => perRow !== true)
    .every(({ name }) => standing[name] === part[name]);
}

function changesOf(plan: ObjectPlan, standing: SoqlRow, part: Fields): Fields {
  const changes: Record<string, FieldValue> = {};
  for (const field of plan.fields.filter((each) => isChangeable(plan, each))) {
    const wanted = part[field.name];
    if (wanted === undefined) continue;
    const found = canonical(field, (standing[field.name] ?? null) as FieldValue);
    if (canonical(field, wanted) !== found) changes[field.name] = wanted;
  }
  return changes;
}

function isChangeable(plan: ObjectPlan, field: FieldPlan): boolean {
  if (field.createOnly === true) return false;
  return field.perRow === true || !identityFields(plan).includes(field);
}

function idsOf({ destinationId, moreIds = [] }: SinkRow): readonly string[] {
  return destinationId === null ? [] : [destinationId, ...moreIds];
}
