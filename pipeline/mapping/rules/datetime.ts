import { z } from "zod";
import type { DestinationRules } from "../destinations/destination-rules.ts";
import { Fault, requireType, rule } from "./rule.ts";

/** First and last year a destination takes. */
export type Years = Pick<DestinationRules, "years">;

/** A moment, to the millisecond. */
export const datetime = rule({
  name: "datetime",
  doc: "A moment, exact to the millisecond; of several fields the first that has one. A year the destination does not take is rejected.",
  example: "ClosedAt: { datetime: [completed_at, cancelled_at] }",
  schema: z.strictObject({ datetime: z.union([z.string(), z.array(z.string()).min(1)]) }),
  compile(spec, site) {
    requireType(site, "datetime");
    const readers = [spec.datetime].flat().map((path) => site.path(path, "datetime").get);
    return {
      read(record) {
        for (const get of readers) {
          const at = get(record) as number | null;
          if (at !== null) return storable(at, site.destination);
        }
        return null;
      },
    };
  },
});

/** The moment, or a fault where the destination cannot hold it. */
export function storable(at: number, { years: [first, last] }: Years): number | Fault {
  const year = new Date(at).getUTCFullYear();
  if (year >= first && year <= last) return at;
  return new Fault(
    "TIME_IMPOSSIBLE",
    `lies in the year ${year}, and the destination takes ${first} to ${last}: correct it at the source.`,
  );
}
