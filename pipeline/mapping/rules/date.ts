import { z } from "zod";
import { storable, type Years } from "./datetime.ts";
import { Fault, MappingFault, requireType, rule } from "./rule.ts";

/** A calendar day. */
export const date = rule({
  name: "date",
  doc: "A calendar day: as the source wrote it, or that of a moment in a named time zone; of several moments the first there is.",
  example: "DueOn: { date: due_at, zone: America/New_York }",
  schema: z.strictObject({
    date: z.union([z.string(), z.array(z.string()).min(2)]),
    zone: z.string().default("UTC"),
  }),
  compile(spec, site) {
    requireType(site, "date");
    if (typeof spec.date === "string") {
      const { get, shape } = site.path(spec.date, "datetime", "text");
      if (shape.kind === "text") {
        return { read: (record) => dayOf(get(record) as string | null, site.destination) };
      }
    }
    const format = dayFormat(spec.zone);
    const readers = [spec.date].flat().map((path) => site.path(path, "datetime").get);
    return {
      read(record) {
        const at = readers.map((get) => get(record) as number | null).find((each) => each !== null);
        if (at === undefined || at === null) return null;
        const moment = storable(at, site.destination);
        return typeof moment === "number" ? format.format(moment) : moment;
      },
    };
  },
});

/** A written day, or a fault where the calendar has none such. */
function dayOf(text: string | null, years: Years): string | null | Fault {
  const written = text?.trim() ?? "";
  if (written === "") return null;
  if (!isDay(written)) {
    return new Fault("VALUE_INVALID", "is no day written YYYY-MM-DD: correct it at the source.");
  }
  const moment = storable(Date.parse(written), years);
  return typeof moment === "number" ? written : moment;
}

/** Whether a text is a day of the calendar, written YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** Sweden's dates are written YYYY-MM-DD. */
function dayFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: zone });
  } catch {
    throw new MappingFault(`there is no time zone "${zone}"`);
  }
}
