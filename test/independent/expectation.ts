import { comparableEmail } from "./canonical-text.ts";
import { commentRule } from "./comments.ts";
import { expectedLinks } from "./document-rules.ts";
import { objectRules } from "./object-rules.ts";
import { type Presence, presenceIn } from "./presence.ts";
import { keyOf, type ObjectRule, type Parts } from "./rule.ts";
import type { Truth } from "./truth.ts";

/** SOQL path → what it must return, as text; a path that is absent is not compared. */
export type ExpectedRow = Readonly<Record<string, string | null>>;

/** What the destination must hold. */
export interface Expectation {
  /** Object → source key → row. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, ExpectedRow>>;
  /** Pairs of keys that links of files must be. */
  readonly links: ReadonlySet<string>;
  /** Living source records without a row they should have: source key → why. */
  readonly absent: ReadonlyMap<string, string>;
  readonly parts: Parts;
}

/** What SOQL must return for a truth: a small mapping of its own that shares no code with the product's. */
export function expected(truth: Truth, userEmails: ReadonlySet<string>): Expectation {
  const person = personFinder(truth, userEmails);
  const partsOf = (presence: Presence): Parts => ({ truth, presence, person });
  const presence = presenceIn(truth, objectRules, partsOf);
  const parts = partsOf(presence);
  const rows = new Map<string, Map<string, ExpectedRow>>();
  const links = expectedLinks(parts);
  const absent = new Map(links.absent);
  for (const rule of [...objectRules, commentRule]) {
    const made = rows.get(rule.object) ?? new Map<string, ExpectedRow>();
    if (rule !== commentRule) rows.set(rule.object, made);
    for (const [id, { row }] of truth[rule.entity]) {
      const why = presence.why(rule, id);
      if (why === undefined) made.set(keyOf(rule.entity, id), defined(rule, row, id, parts));
      else if (why !== "deleted" && why !== "none") absent.set(keyOf(rule.entity, id), why);
    }
  }
  return { rows, links: links.pairs, absent, parts };
}

/**
 * People are matched by e-mail: who shares one with another living person of the same kind, who has
 * none, or whose the org does not know, is nobody.
 */
export function personFinder(truth: Truth, userEmails: ReadonlySet<string>): Parts["person"] {
  const counts = new Map<string, number>();
  for (const entity of ["user", "technician"] as const) {
    for (const { deleted, row } of truth[entity].values()) {
      const id = `${entity} ${comparableEmail(row["email"])}`;
      if (!deleted) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return (entity, id) => {
    const person = truth[entity].get(String(id ?? ""));
    if (person === undefined) return null;
    if (person.deleted) return undefined;
    const email = comparableEmail(person.row["email"]);
    const isOne = counts.get(`${entity} ${email}`) === 1;
    return email !== "" && isOne && userEmails.has(email) ? email : null;
  };
}

/** What of a row is compared. */
export function defined(
  rule: ObjectRule,
  row: Parameters<ObjectRule["columns"]>[0],
  id: string,
  parts: Parts,
): ExpectedRow {
  return Object.fromEntries(
    Object.entries(rule.columns(row, id, parts)).filter(
      (entry): entry is [string, string | null] => entry[1] !== undefined,
    ),
  );
}
