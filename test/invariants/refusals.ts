import type { Judged } from "./fault-plans.ts";

type Judging = Pick<Judged, "ledger" | "surroundings">;

/** Rows refused for another reason than that a fault plan has disabled their owner. */
export async function refusalsAmiss(run: Judging): Promise<string[]> {
  const left = await hasLeft(run);
  const refused = await refusedIn(run);
  return refused
    .filter(({ code, field }) => !(left && code === "0x80040225" && field === "ownerid"))
    .map(({ object, key, code, field }) => `${object} ${key}: refused, ${code} ${field}`);
}

/** Whether a fault plan has disabled somebody who owned rows. */
export async function hasLeft({ surroundings }: Pick<Judging, "surroundings">): Promise<boolean> {
  const { rules } = await surroundings.destination.call<{
    rules: { hits: number; action: { kind: string } }[];
  }>("GET", "faults");
  return rules.some(({ hits, action }) => hits > 0 && action.kind === "disable_user");
}

/** Records whose last word is a refusal of the destination. */
export function refusedIn({ ledger }: Pick<Judging, "ledger">) {
  return ledger.query<{ object: string; key: string; code: string; field: string | null }>(
    `SELECT object, key, destination_code AS code, field FROM dead_letter
    WHERE destination_code != ''`,
  );
}
