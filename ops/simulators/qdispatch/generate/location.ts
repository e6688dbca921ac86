import type { Row } from "../truth/row.ts";
import { type Draw, draw } from "./draw.ts";
import { type Planted, type Reality, realityOf, variant } from "./realities.ts";
import { cities, streets } from "./words.ts";
import { daysAgo, idOf, iso, type World } from "./world.ts";

/** How many locations a customer has: mostly one, one customer in 250 has 40. */
export function locationCount(world: World, customer: number): number {
  const of = draw(world.seed, "customer", customer);
  if (world.realities && of.oneIn("manyAddresses", Math.min(250, Math.max(3, world.size))))
    return 40;
  return of.chance("secondAddress", 0.2) ? 2 : 1;
}

/** The index of a customer's nth location; two are reserved for each, the 40 of a big customer lie far behind. */
export function locationIndex(customer: number, nth: number): number {
  return nth < 2 ? customer * 2 + nth : 10_000_000 + customer * 40 + nth;
}

/** A location with the realities of real addresses at their rates. */
export function locationOf(world: World, customer: number, nth: number, now?: number): Row {
  const index = locationIndex(customer, nth);
  const of = draw(world.seed, "service_location", index);
  const place = cities[of.int("city", cities.length)] as (typeof cities)[number];
  const at = iso(now ?? daysAgo(world, 190 + of.int("age", 500), of.int("time", 86_400_000)));
  return {
    id: idOf(index),
    created_at: at,
    updated_at: at,
    created_by: idOf(of.int("author", world.office)),
    active: true,
    customer_id: idOf(customer),
    label: nth === 0 ? null : `Site ${nth}`,
    kind: nth === 0 ? "billing" : "service",
    line1: streetOf(world, of),
    line2: of.chance("unit", 0.2) ? `Unit ${1 + of.int("number", 40)}` : null,
    city: place.city,
    region: "MA",
    postal_code: postalCodeOf(world, of, place.zip),
    country: "US",
    ...positionOf(world, of, placeOf(world, of, customer, nth)),
    zone_id: idOf(of.int("zone", world.zones)),
    access_notes: of.chance("access", 0.15) ? "Ring the bell twice\r\nthen wait" : null,
    is_primary: nth === 0,
    tags: [],
    custom: [],
  };
}

function streetOf(world: World, of: Draw): string {
  const number = 1 + of.int("house", 900);
  const street = of.pick("street", streets);
  if (world.realities && of.oneIn("doubleSpace", 100)) return `${number}  ${street}`;
  if (world.realities && of.oneIn("range", 90)) return `${number}-${number + 2} ${street}`;
  return `${number} ${street}`;
}

function postalCodeOf(world: World, of: Draw, zip: string): string | null {
  if (!world.realities) return zip;
  if (of.chance("noZip", 0.27)) return null;
  if (of.oneIn("floatZip", 40)) return `${Number(zip)}.0`;
  return of.oneIn("shortZip", 60) ? String(Number(zip)) : zip;
}

/** The city hall: where a geocoder puts what it does not find. */
export const defaultPoint = { lat: "42.3594", lng: "-71.0587" };

function positionOf(
  world: World,
  of: Draw,
  planted: Place,
): Pick<Row, "lat" | "lng" | "geo_quality"> {
  const lat = `42.${3_000 + of.int("lat", 999)}1`;
  const lng = `-71.${1_000 + of.int("lng", 999)}1`;
  if (planted?.kind === "position_wrong") {
    const odd = [
      { lat: lng, lng: lat },
      { lat: "n/a", lng: "n/a" },
      { lat: "142.5", lng: "-271.25" },
    ];
    return { ...variant(planted, odd), geo_quality: "none" };
  }
  if (planted?.kind === "position_zero") return { lat: "0", lng: "0", geo_quality: "none" };
  if (planted?.kind === "position_default_point")
    return { ...defaultPoint, geo_quality: "default" };
  return { lat, lng, geo_quality: of.int("place", 100) < 30 ? "street" : "exact" };
}

type Place = Planted<Reality<"customer">> | undefined;

/** What a customer's first location shows; of the further ones as many lie at (0, 0) or the default point. */
function placeOf(world: World, of: Draw, customer: number, nth: number): Place {
  if (nth === 0) return realityOf(world, "customer", customer);
  const place = world.realities ? of.int("place", 100) : 100;
  if (place >= 18) return undefined;
  return { kind: place < 9 ? "position_zero" : "position_default_point", nth: 0 };
}
