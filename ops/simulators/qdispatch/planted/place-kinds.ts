import type { Row } from "../truth/row.ts";
import { defaultPoint } from "../generate/location.ts";

/** What is wrong with a position: nothing, or it is (0, 0) or the city's default point, or no place of the tenant. */
export function positionKind(row: Row): "position_default" | "position_wrong" | undefined {
  const { lat, lng } = row;
  if (typeof lat !== "string" || typeof lng !== "string") return undefined;
  const [y, x] = [Number(lat), Number(lng)];
  if (y === 0 && x === 0) return "position_default";
  if (lat === defaultPoint.lat && lng === defaultPoint.lng) return "position_default";
  const outside = !(Math.abs(y) <= 90 && Math.abs(x) <= 180); // also when one is no number
  // The tenant works in North America: a negative latitude with a positive longitude is swapped.
  return outside || (y < 0 && x > 0) ? "position_wrong" : undefined;
}

/** Whether an address has no zip. */
export function isZipMissing(row: Row): boolean {
  return typeof row["postal_code"] !== "string" || row["postal_code"].trim() === "";
}

/** Whether its zip is a float or lacks its leading zero, or its street has two spaces or a range of numbers. */
export function isAddressOdd(row: Row): boolean {
  const zip = String(row["postal_code"] ?? "");
  const street = String(row["line1"] ?? "");
  return /\.0$|^\d{3,4}$/.test(zip) || /\S {2,}\S/.test(street) || /^\d+-\d+ /.test(street);
}
