import { type Findings, found, type Values } from "./findings.ts";

/** A site's address and position; whether a point is where a geocoder puts what it does not find, the others tell. */
export function placeFindings(record: Values): Findings {
  const zip = String(record["postal_code"] ?? "");
  const street = String(record["line1"] ?? "");
  const isOdd = /\.0$|^\d{3,4}$/.test(zip) || /\S {2,}\S/.test(street) || /^\d+-\d+ /.test(street);
  const isMissing = zip.trim() === "";
  return found([isMissing && "postal_missing", isOdd && "postal_odd", ...positionKinds(record)], {
    customer: record["customer_id"],
    ...pointOf(record),
  });
}

/** Positions that are none, whatever the others are. */
export function positionKinds({ lat, lng }: Values): readonly string[] {
  if (typeof lat !== "string" || typeof lng !== "string") return [];
  const [y, x] = [Number(lat), Number(lng)];
  if (y === 0 && x === 0) return ["position_default"];
  return Math.abs(y) <= 90 && Math.abs(x) <= 180 ? [] : ["position_wrong"];
}

/** The point as a fact: `lat,lng`. */
export function pointOf({ lat, lng }: Values): { point?: string } {
  if (typeof lat !== "string" || typeof lng !== "string") return {};
  return { point: `${lat},${lng}` };
}
