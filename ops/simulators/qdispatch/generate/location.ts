import type { Row } from "../truth/row.ts";
import { type Draw, draw } from "./draw.ts";
import type { Made } from "./made.ts";
import { cities, streets } from "./words.ts";
import { daysAgo, idOf, iso, type World } from "./world.ts";

/** How many locations a customer has: mostly one, one customer in 250 has 40. */
export function locationCount(world: World, customer: number): number {
  const of = draw(world.seed, "customer", customer);
  if (of.oneIn("manyAddresses", Math.min(250, Math.max(3, world.size)))) return 40;
  return of.chance("secondAddress", 0.2) ? 2 : 1;
}

/** The index of a customer's nth location; two are reserved for each, the 40 of a big customer lie far behind. */
export function locationIndex(customer: number, nth: number): number {
  return nth < 2 ? customer * 2 + nth : 10_000_000 + customer * 40 + nth;
}

/** A location with the realities of real addresses at their rates. */
export function locationOf(world: World, customer: number, nth: number, now?: number): Made {
  const index = locationIndex(customer, nth);
  const of = draw(world.seed, "service_location", index);
  const plants: string[] = [];
  const place = cities[of.int("city", cities.length)] as (typeof cities)[number];
  const at = iso(now ?? daysAgo(world, 190 + of.int("age", 500), of.int("time", 86_400_000)));
  const row: Row = {
    id: idOf(index),
    created_at: at,
    updated_at: at,
    created_by: idOf(of.int("author", world.office)),
    active: true,
    customer_id: idOf(customer),
    label: nth === 0 ? null : `Site ${nth}`,
    kind: nth === 0 ? "billing" : "service",
    line1: streetOf(of, plants),
    line2: of.chance("unit", 0.2) ? `Unit ${1 + of.int("number", 40)}` : null,
    city: place.city,
    region: "MA",
    postal_code: postalCodeOf(of, place.zip, plants),
    country: "US",
    ...positionOf(of, plants),
    zone_id: idOf(of.int("zone", world.zones)),
    access_notes: of.chance("access", 0.15) ? "Ring the bell twice\r\nthen wait" : null,
    is_primary: nth === 0,
    tags: [],
    custom: [],
  };
  return { row, plants };
}

function streetOf(of: Draw, plants: string[]): string {
  const number = 1 + of.int("house", 900);
  const street = of.pick("street", streets);
  if (of.oneIn("doubleSpace", 100)) {
    plants.push("address_double_space");
    return `${number}  ${street}`;
  }
  if (of.oneIn("range", 90)) {
    plants.push("address_range");
    return `${number}-${number + 2} ${street}`;
  }
  return `${number} ${street}`;
}

function postalCodeOf(of: Draw, zip: string, plants: string[]): string | null {
  if (of.chance("noZip", 0.27)) {
    plants.push("zip_missing");
    return null;
  }
  if (of.oneIn("floatZip", 40)) {
    plants.push("zip_as_float");
    return `${Number(zip)}.0`;
  }
  if (of.oneIn("shortZip", 60)) {
    plants.push("zip_without_leading_zero");
    return String(Number(zip));
  }
  return zip;
}

/** The city hall: where a geocoder puts what it does not find. */
const defaultPoint = { lat: "42.3594", lng: "-71.0587" };

function positionOf(of: Draw, plants: string[]): Pick<Row, "lat" | "lng" | "geo_quality"> {
  const lat = `42.${3_000 + of.int("lat", 999)}1`;
  const lng = `-71.${1_000 + of.int("lng", 999)}1`;
  if (of.oneIn("oddPosition", 500)) {
    plants.push("position_odd");
    const odd = [
      { lat: lng, lng: lat },
      { lat: "n/a", lng: "n/a" },
      { lat: "142.5", lng: "-271.25" },
    ];
    return { ...of.pick("odd", odd), geo_quality: "none" };
  }
  const place = of.int("place", 100);
  if (place < 9) {
    plants.push("position_zero");
    return { lat: "0", lng: "0", geo_quality: "none" };
  }
  if (place < 18) {
    plants.push("position_default_point");
    return { ...defaultPoint, geo_quality: "default" };
  }
  return { lat, lng, geo_quality: place < 30 ? "street" : "exact" };
}
