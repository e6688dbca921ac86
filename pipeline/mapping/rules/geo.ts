import { z } from "zod";
import type { FieldValue } from "../../core/load-record.ts";
import { roundedDecimal } from "../exact-decimal.ts";
import type { Fault } from "./rule.ts";
import { requireType, rule } from "./rule.ts";

/** A position, where the source's is one. */
export const geo = rule({
  name: "geo",
  doc: "Latitude or longitude, rounded to the field's places. (0, 0), text and values out of range are no position: both coordinates stay empty then, and `as_sent` keeps what the source had; it is empty where the position is good.",
  example: "Latitude__c: { geo: latitude, lat: lat, lng: lng }",
  schema: z.strictObject({
    geo: z.enum(["latitude", "longitude", "as_sent"]),
    lat: z.string(),
    lng: z.string(),
  }),
  compile(spec, site) {
    requireType(site, ...(spec.geo === "as_sent" ? (["string"] as const) : (["decimal"] as const)));
    const lat = site.path(spec.lat, "text").get;
    const lng = site.path(spec.lng, "text").get;
    const { precision = 18, scale = 6 } = site.target;
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

function isPosition(lat: string | null, lng: string | null): boolean {
  if (lat === null || lng === null) return false;
  if (!coordinate.test(lat.trim()) || !coordinate.test(lng.trim())) return false;
  const [north, east] = [Number(lat), Number(lng)];
  return Math.abs(north) <= 90 && Math.abs(east) <= 180 && !(north === 0 && east === 0);
}
