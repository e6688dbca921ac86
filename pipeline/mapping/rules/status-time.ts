import { z } from "zod";
import { storable } from "./datetime.ts";
import { requireType, rule } from "./rule.ts";

interface StatusChange {
  readonly to: string | null;
  readonly at: number | null;
}

/** When a status was entered. */
export const statusTime = rule({
  name: "status_time",
  doc: "When a status was entered, by the history: the **last** time, so that a reopened job shows its newest way. Empty where the history never names the status.",
  example: 'EnRouteAt: { status_time: "En Route", of: status_events }',
  schema: z.strictObject({ status_time: z.string(), of: z.string() }),
  compile(spec, site) {
    requireType(site, "datetime");
    const { get } = site.path(spec.of, "list");
    return {
      read(record) {
        let newest: number | null = null;
        for (const { to, at } of get(record) as readonly StatusChange[]) {
          if (to === spec.status_time && at !== null && (newest === null || at > newest)) {
            newest = at;
          }
        }
        return newest === null ? null : storable(newest, site.destination);
      },
    };
  },
});
