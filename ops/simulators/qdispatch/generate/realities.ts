import { draw } from "./draw.ts";
import type { World } from "./world.ts";

/**
 * How often each reality comes: so many of each `period` records, no record showing two of one layout.
 * The rates are those of contracts/qdispatch.md, section 6; some of a job's show in its lines and its invoice.
 */
const layouts = {
  customer: {
    period: 500,
    // A customer's first location is where its jobs are.
    kinds: { manager_left: 15, position_wrong: 1, position_zero: 45, position_default_point: 45 },
  },
  /** Counted over all contacts. */
  contact: { period: 750, kinds: { email_spaced: 7, email_tagged: 8, links_large: 2 } },
  /** Counted over the customers who have two contacts: 4 of 250 pairs are 8 of 750 contacts. */
  contact_pair: { period: 250, kinds: { email_shared: 4 } },
  job: {
    period: 2_000,
    kinds: {
      job_without_customer: 20,
      job_without_location: 20, // those without a customer have no location either
      job_without_owner: 60,
      owner_left: 60,
      status_unknown: 10,
      html_hostile: 6,
      text_long: 20,
      text_odd: 20,
      line_money_odd: 55, // of 6,000 lines; five credit notes bring the rest
      line_text_long: 60,
      completed_before_created: 6,
      number_shared: 2,
      property_odd: 100,
      crew_large: 1,
      notes_large: 1,
      invoice_totals_differ: 30,
      invoice_money_odd: 10,
      refund_unlinked: 6,
    },
  },
  appointment: { period: 2_600, kinds: { time_edge: 26, time_impossible: 8, series: 26 } },
  note: { period: 1_600, kinds: { orphan: 8, html_hostile: 5, text_long: 16, text_odd: 16 } },
  attachment: {
    period: 600,
    kinds: { mime_wrong: 2, empty: 2, expired: 2, missing: 1, path_name: 1 },
  },
  /** Counted over the jobs with two attachments: 2 of 200 pairs are 4 of 600 attachments. */
  attachment_pair: { period: 200, kinds: { same_name: 2 } },
} as const;

type Layouts = typeof layouts;

/** A reality an entity's records may show. */
export type Reality<E extends keyof Layouts> = Extract<keyof Layouts[E]["kinds"], string>;

/** Which reality a record shows; `nth` counts on through the records that show it, for choosing a variant. */
export interface Planted<K extends string> {
  readonly kind: K;
  readonly nth: number;
}

/** The reality the record of an index shows, if any; a tenant without realities shows none. */
export function realityOf<E extends keyof Layouts>(
  world: World,
  entity: E,
  index: number,
): Planted<Reality<E>> | undefined {
  if (!world.realities) return undefined;
  const { period, kinds } = layouts[entity];
  // 617 is prime and divides no period, so a period's records go to its places one to one.
  const start = draw(world.seed, `realities of ${entity}`, 0).int("start", period);
  let place = (index * 617 + start) % period;
  for (const [kind, count] of Object.entries(kinds) as [Reality<E>, number][]) {
    if (place < count) return { kind, nth: Math.floor(index / period) * count + place };
    place -= count;
  }
  return undefined;
}

/** The variant of a reality: they take turns. */
export function variant<T>(planted: Planted<string>, variants: readonly T[]): T {
  return variants[planted.nth % variants.length] as T;
}
