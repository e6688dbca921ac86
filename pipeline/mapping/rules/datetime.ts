import { z } from "zod";
import { Fault, requireType, rule } from "./rule.ts";

/** Salesforce takes years 1700 to 4000. */
const earliest = Date.UTC(1700, 0, 1);
const latest = Date.UTC(4001, 0, 1) - 1;

/** A moment, to the millisecond. */
export const datetime = rule({
  name: "datetime",
  doc: "A moment, exact to the millisecond; of several fields the first that has one. Years outside 1700–4000 are rejected, because the destination refuses them.",
  example: "Source_Closed_At__c: { datetime: [completed_at, cancelled_at] }",
  schema: z.strictObject({ datetime: z.union([z.string(), z.array(z.string()).min(1)]) }),
  compile(spec, site) {
    requireType(site, "datetime");
    const readers = [spec.datetime].flat().map((path) => site.path(path, "datetime").get);
    return {
      read(record) {
        for (const get of readers) {
          const at = get(record) as number | null;
          if (at !== null) return storable(at);
        }
        return null;
      },
    };
  },
});

/** The moment, or a fault where the destination cannot hold it. */
export function storable(at: number): number | Fault {
  if (at >= earliest && at <= latest) return at;
  return new Fault(
    "TIME_IMPOSSIBLE",
    `lies in the year ${new Date(at).getUTCFullYear()}, and the destination takes 1700 to 4000: correct it at the source.`,
  );
}
