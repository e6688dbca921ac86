import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";

/** What a status of a case or a task means. */
interface Statuses {
  readonly closed: ReadonlySet<string>;
  readonly initial: string;
}

/** Read once per org: the list of statuses is setup, not data. */
const known = new WeakMap<Org, Map<string, Statuses>>();

function statusesOf(org: Org, object: string): Statuses {
  const lists = known.get(org) ?? new Map<string, Statuses>();
  known.set(org, lists);
  const found = lists.get(object);
  if (found !== undefined) return found;
  const rows = [...org.rows(object).walk({ withDeleted: false })].map((row) => row.values);
  const label = (values: Values | undefined): string => String(values?.["MasterLabel"] ?? "");
  const closed = rows.filter((one) => one["IsClosed"] === true);
  const made = {
    closed: new Set(closed.map((one) => label(one).toLowerCase())),
    initial: label(rows.find((one) => one["IsDefault"] === true)),
  };
  lists.set(object, made);
  return made;
}

/** Whether a status closes its row, by CaseStatus or TaskStatus. */
export function isClosedStatus(org: Org, object: string, status: unknown): boolean {
  return statusesOf(org, object).closed.has(String(status ?? "").toLowerCase());
}

/** The status a new row has. */
export function initialStatus(org: Org, object: string): string {
  return statusesOf(org, object).initial;
}
