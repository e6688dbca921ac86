import { text } from "./canonical-text.ts";
import type { ObjectRule, Parts, Row } from "./rule.ts";
import type { Truth, TruthEntity } from "./truth.ts";

/** Decides which records have a row, and what a reference to a customer stands for after merges. */
export interface Presence {
  /** Why a record has no row of this kind: `deleted` for the dead, `none` where it makes none; undefined where it has one. */
  why(rule: ObjectRule, id: string): string | undefined;
  /** The same of the row others refer to. */
  whyNoTarget(entity: TruthEntity, id: string): string | undefined;
  /** The customer a customer id stands for. */
  customer(id: unknown): string | null;
}

/** The rules of the records that never arrive, written down a second time. */
export function presenceIn(
  truth: Truth,
  rules: readonly ObjectRule[],
  partsOf: (presence: Presence) => Parts,
): Presence {
  const known = new Map<string, string | undefined>();
  const presence: Presence = {
    customer: (id) => winnerOf(truth, id),
    whyNoTarget(entity, id) {
      // The rows of an entity that others refer to stand first.
      const rule = rules.find((each) => each.entity === entity);
      return rule === undefined ? undefined : presence.why(rule, id);
    },
    why(rule, id) {
      const key = `${rule.object} ${rule.entity}-${id}`;
      if (!known.has(key)) {
        known.set(key, "refers to itself in a circle");
        known.set(key, reason(rule, id, partsOf(presence)));
      }
      return known.get(key);
    },
  };
  return presence;
}

function reason(rule: ObjectRule, id: string, parts: Parts): string | undefined {
  const record = parts.truth[rule.entity].get(id);
  if (record === undefined) return "not at the source";
  const { row } = record;
  if (record.deleted || isGoneWithOwner(rule.entity, row, parts)) return "deleted";
  if (!storable(rule.entity, row)) return "a text no encoding holds";
  if (rule.takes?.(row, parts) === false) return "none";
  return rule.wrong?.(row) ?? missingParent(rule, row, parts);
}

/** Whom a record does not outlive: the first of these that it names. */
const owners: Partial<Record<TruthEntity, readonly (readonly [TruthEntity, string])[]>> = {
  appointment: [["job", "job_id"]],
  invoice: [["job", "job_id"]],
  note: [
    ["job", "job_id"],
    ["contact", "contact_id"],
    ["customer", "customer_id"],
  ],
  attachment: [
    ["job", "job_id"],
    ["contact", "contact_id"],
    ["customer", "customer_id"],
  ],
};

/** A record whose owner is deleted is deleted with it, also where the source forgot it. */
function isGoneWithOwner(entity: TruthEntity, row: Row, { truth, presence }: Parts): boolean {
  const named = owners[entity]?.find(([, field]) => text(row[field]) !== null);
  if (named === undefined) return false;
  const [owner, field] = named;
  const id = owner === "customer" ? presence.customer(row[field]) : String(row[field]);
  return truth[owner].get(String(id))?.deleted === true;
}

/** Lone surrogates and NUL have no place in Avro and at no destination. */
function storable(entity: TruthEntity, row: Row): boolean {
  const { line_items: _lines, ...own } = row;
  const isText = (value: unknown): boolean => {
    if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
    if (value === null || typeof value !== "object") return true;
    return Object.values(value).every(isText);
  };
  return isText(entity === "job" ? own : row);
}

/** No record loads with a reference emptied; only what the source itself deleted is left out. */
function missingParent(rule: ObjectRule, row: Row, parts: Parts): string | undefined {
  for (const { entity, id, clears = false } of rule.needs?.(row, parts.presence) ?? []) {
    if (id === null) continue;
    const cleared = clears && parts.truth[entity].get(id)?.deleted === true;
    const why = cleared ? undefined : parts.presence.whyNoTarget(entity, id);
    if (why !== undefined) return `waits for ${entity} ${id} (${why})`;
  }
  return undefined;
}

function winnerOf(truth: Truth, id: unknown): string | null {
  let at = text(id);
  for (let hops = 0; at !== null && hops < 100; hops++) {
    const record = truth.customer.get(at);
    const winner = record?.deleted === true ? text(record.row["merged_into_id"]) : null;
    if (winner === null) return at;
    at = winner;
  }
  return at;
}
