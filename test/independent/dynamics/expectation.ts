import { defined, type ExpectedRow, personFinder } from "../expectation.ts";
import { type Presence, presenceIn } from "../presence.ts";
import { keyOf, type Parts } from "../rule.ts";
import type { Truth } from "../truth.ts";
import { type Edition, tableRules } from "./table-rules.ts";

/** What an environment must hold. */
export interface TablesExpected {
  /** Table → source key → row: `column`, or `column#form` where a form of its value is compared. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, ExpectedRow>>;
  /** `table key` → columns a row's rule knows of, also those nothing can be said of. */
  readonly known: ReadonlyMap<string, ReadonlySet<string>>;
  /** Living source records without a row they should have: source key → why. */
  readonly absent: ReadonlyMap<string, string>;
}

/** What the Web API must return for a truth: a mapping of its own that shares no code with the product's. */
export function tablesExpected(
  truth: Truth,
  edition: Edition,
  userEmails: ReadonlySet<string>,
): TablesExpected {
  const person = personFinder(truth, userEmails);
  const rules = tableRules(edition);
  const partsOf = (presence: Presence): Parts => ({ truth, presence, person });
  const presence = presenceIn(truth, rules, partsOf);
  const parts = partsOf(presence);
  const rows = new Map<string, Map<string, ExpectedRow>>();
  const known = new Map<string, ReadonlySet<string>>();
  const absent = new Map<string, string>();
  for (const rule of rules) {
    const made = rows.get(rule.object) ?? new Map<string, ExpectedRow>();
    rows.set(rule.object, made);
    for (const [id, { row }] of truth[rule.entity]) {
      const why = presence.why(rule, id);
      const key = keyOf(rule.entity, id);
      if (why === undefined) {
        const columns = Object.keys(rule.columns(row, id, parts)).map(columnOf);
        made.set(key, defined(rule, row, id, parts));
        known.set(`${rule.object} ${key}`, new Set(columns));
      } else if (why !== "deleted" && why !== "none") absent.set(key, why);
    }
  }
  return { rows, known, absent };
}

/** The column a name of an expected row stands for. */
function columnOf(name: string): string {
  return name.replace(/#.*/, "");
}
