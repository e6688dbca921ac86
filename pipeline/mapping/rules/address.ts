import { z } from "zod";
import type { FieldValue } from "../../core/load-record.ts";
import { requireType, rule, type Source } from "./rule.ts";

interface Place {
  readonly id: string;
  readonly kind?: string | null;
  readonly is_primary?: boolean;
  readonly line1: string | null;
  readonly line2: string | null;
  readonly city: string | null;
  readonly region: string | null;
  readonly postal_code: string | null;
  readonly country: string | null;
}

const parts = [
  "street",
  "line1",
  "line2",
  "city",
  "region",
  "postal_code",
  "country",
  "further",
] as const;

/** A part of the main address of a set of sites, or the further sites. */
export const address = rule({
  name: "address",
  doc: "A part of an address: street (both lines), line1, line2, city, region, postal_code or country, as written at the source. Of a list of sites it is the one `main` names by id, else the primary one, else one of kind billing, else the first; `site: second` is the first of the others, and `further` gives all of them as JSON.",
  example: "City: { address: locations, part: city, main: billing_address_id }",
  schema: z.strictObject({
    address: z.string(),
    part: z.enum(parts),
    main: z.string().optional(),
    site: z.enum(["main", "second"]).default("main"),
  }),
  compile(spec, site) {
    requireType(site, "string", "textarea");
    const { get, shape } = site.path(spec.address, "list", "record");
    const mainId = spec.main === undefined ? () => null : site.path(spec.main, "text").get;
    const take = taker(spec.part);
    if (shape.kind === "record") return { read: (record) => take(get(record) as Place | null, []) };
    return {
      read(record: Source) {
        const places = get(record) as readonly Place[];
        const main = mainOf(places, mainId(record));
        if (spec.site === "main") return take(main, places);
        return take(places.find((place) => place !== main) ?? null, places);
      },
    };
  },
});

function mainOf(places: readonly Place[], id: unknown): Place | null {
  return (
    places.find((place) => place.id === id) ??
    places.find((place) => place.is_primary === true) ??
    places.find((place) => place.kind === "billing") ??
    places[0] ??
    null
  );
}

function taker(
  part: (typeof parts)[number],
): (main: Place | null, places: readonly Place[]) => FieldValue {
  if (part === "further") {
    return (main, places) => {
      const others = places.filter((place) => place !== main);
      return others.length === 0 ? null : JSON.stringify(others);
    };
  }
  if (part !== "street") return (main) => main?.[part] ?? null;
  return (main) => {
    const lines = [main?.line1, main?.line2].filter((line) => line != null && line !== "");
    return lines.length === 0 ? null : lines.join("\n");
  };
}
