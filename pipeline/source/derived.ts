import { CutoverError } from "../core/errors.ts";
import type { SourceEntity } from "../core/source-record.ts";
import type { Profile } from "./profile.ts";

/** What a plan wants derived beyond what every plan needs; each costs rows, so it is asked for. */
export interface Derivations {
  /** Customers carry how many of their jobs are open and closed. */
  readonly work?: boolean;
  /** Equal lines of a job are one record of their own. */
  readonly mergedLines?: boolean;
  /** Jobs carry their appointments. */
  readonly visits?: boolean;
  /** Jobs carry the name of their zone. */
  readonly zones?: boolean;
}

/** What is derived, and by which words of the source. */
export interface Derived {
  /** Job status that means closed; undefined where nobody counts jobs. */
  readonly closed: ReadonlySet<string> | undefined;
  readonly mergedLines: boolean;
  readonly visits: boolean;
  readonly zones: boolean;
  /** The same rules give the same text: what was derived by others is derived anew. */
  readonly rule: string;
}

/** What a store holds that was filled before anything was derived. */
export const nothingDerived = "none";

/** Finds the rules in the profile; PROFILE_INVALID where the plan asks for what it does not say. */
export function derivedRules(profile: Profile, wanted: Derivations): Derived {
  const { work, mergedLines = false, visits = false, zones = false } = wanted;
  const closed = work === true ? closedStatuses(profile) : undefined;
  const rules = [
    ...(closed === undefined ? [] : [`closed ${JSON.stringify([...closed].sort())}`]),
    ...(mergedLines ? ["merged lines"] : []),
    ...(visits ? ["visits"] : []),
    ...(zones ? ["zones"] : []),
  ];
  return {
    ...{ closed, mergedLines, visits, zones },
    rule: rules.length === 0 ? nothingDerived : rules.join(", "),
  };
}

function closedStatuses({ streams }: Profile): ReadonlySet<string> {
  const work = streams.find(({ entity }) => entity === "customer")?.work;
  if (work === undefined) {
    throw new CutoverError(
      "PROFILE_INVALID",
      "The plan routes customers by their open work, and the profile does not say which job status means closed: add work: { closed: [...] } to the stream of customers.",
    );
  }
  return new Set(work.closed);
}

/** What a living job counts as and for which customer; empty where it counts nowhere. */
export function countedAs(
  { closed }: Derived,
  entity: SourceEntity,
  record: Readonly<Record<string, unknown>>,
  alive: boolean,
): string {
  const customer = record["customer_id"];
  if (closed === undefined || entity !== "job" || !alive) return "";
  if (typeof customer !== "string" || customer === "") return "";
  // A status nobody listed is work that may go on: the customer is not set aside for it.
  return `${closed.has(String(record["status"])) ? "closed" : "open"} ${customer}`;
}
