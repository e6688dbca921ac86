import { z } from "zod";
import { storable } from "./datetime.ts";
import { MappingFault, requireType, rule } from "./rule.ts";

/** The calendar day of a moment. */
export const date = rule({
  name: "date",
  doc: "The calendar day of a moment, in a named time zone.",
  example: "Due_On__c: { date: due_at, zone: America/New_York }",
  schema: z.strictObject({ date: z.string(), zone: z.string().default("UTC") }),
  compile(spec, site) {
    requireType(site, "date");
    const { get } = site.path(spec.date, "datetime");
    const format = dayFormat(spec.zone);
    return {
      read(record) {
        const at = get(record) as number | null;
        if (at === null) return null;
        const moment = storable(at);
        return typeof moment === "number" ? format.format(moment) : moment;
      },
    };
  },
});

/** Sweden's dates are written YYYY-MM-DD. */
function dayFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: zone });
  } catch {
    throw new MappingFault(`there is no time zone "${zone}"`);
  }
}
