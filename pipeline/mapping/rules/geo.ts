import { z } from "zod";
import type { FieldValue } from "../../core/load-record.ts";
import { roundedDecimal } from "../exact-decimal.ts";
import type { Fault } from "./rule.ts";
import { requireType, rule } from "./rule.ts";

/** A position, where the source's is one. */
export const geo = rule({
  name: "geo",
  doc: "Latitude or longitude, rounded to the field's places. (0, 0), text, values out of range, points `no_place` names (where a geocoder puts what it does not find) and points not `within` south, west, north, east are no position: both coordinates stay empty then, and `as_sent` keeps what the source had; it is empty where the position is good.",
  example:
    'Latitude: { geo: latitude, lat: lat, lng: lng, no_place: ["42.3594, -71.0587"], within: [15, -170, 72, -50] }',
  schema: z.strictObject({
    geo: z.enum(["latitude", "longitude", "as_sent"]),
    lat: z.string(),
    lng: z.string(),
    no_place: z.array(z.string().regex(/^-?[\d.]+, -?[\d.]+$/, 'write "lat, lng"')).default([]),
    within: z
      .tuple([z.number(), z.number(), z.number(), z.number()])
      .default([-90, -180, 90, 180])
      .describe("South, west, north and east of where the tenant works."),
  }),
  compile(spec, site) {
    requireType(site, ...(spec.geo === "as_sent" ? (["string"] as const) : (["decimal"] as const)));
    const lat = site.path(spec.lat, "text").get;
    const lng = site.path(spec.lng, "text").get;
    const { precision = 18, scale = 6 } = site.target;
    const isPosition = judge(spec.no_place, spec.within);
    return {
      read(record): FieldValue | Fault {
        const [north, east] = [lat(record) as string | null, lng(record) as string | null];
        if (north === null && east === null) return null;
        const good = isPosition(north, east);
        if (spec.geo === "as_sent") return good ? null : `${north ?? ""}, ${east ?? ""}`;
        if (!good) return null;
        return roundedDecimal((spec.geo === "latitude" ? north : east) as string, precision, scale);
      },
    };
  },
});

const coordinate = /^[+-]?\d+(\.\d+)?$/;

function judge(
  noPlace: readonly string[],
  [south, west, north, east]: readonly [number, number, number, number],
): (lat: string | null, lng: string | null) => boolean {
  const nowhere = new Set(["0|0", ...noPlace.map(pointOf)]);
  return (lat, lng) => {
    if (lat === null || lng === null) return false;
    if (!coordinate.test(lat.trim()) || !coordinate.test(lng.trim())) return false;
    const [y, x] = [Number(lat), Number(lng)];
    return y >= south && y <= north && x >= west && x <= east && !nowhere.has(`${y}|${x}`);
  };
}

function pointOf(point: string): string {
  return point.split(",").map(Number).join("|");
}
