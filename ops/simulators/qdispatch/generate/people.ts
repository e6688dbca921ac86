import type { Row } from "../truth/row.ts";
import { type Draw, draw } from "./draw.ts";
import { cities, firstNames, lastNames, skillNames } from "./words.ts";
import { daysAgo, idOf, iso, type World } from "./world.ts";

const dayMs = 86_400_000;

/** A zone of the tenant. */
export function zoneOf(world: World, index: number): Row {
  const { city, zip } = cities[index % cities.length] as (typeof cities)[number];
  const at = iso(daysAgo(world, 900, index * 1_000));
  const name = index < cities.length ? city : `${city} ${index}`;
  return {
    id: idOf(index),
    created_at: at,
    updated_at: at,
    active: true,
    name,
    postal_codes: [zip],
  };
}

/** A user: office staff first, then one for each technician. */
export function userOf(world: World, index: number): Row {
  const office = index < world.office;
  const person = office
    ? personOf(world, "user", index)
    : personOf(world, "technician", index - world.office);
  const at = iso(daysAgo(world, 800, person.of.int("created", dayMs)));
  return {
    id: idOf(index),
    created_at: at,
    updated_at: at,
    active: true,
    name: person.name,
    email: person.email,
    role: office ? (index === 0 ? "admin" : index % 3 === 2 ? "office" : "dispatcher") : "tech",
    timezone: "America/New_York",
  };
}

/** An office user who has left. */
export const leaver = 4;

/** True for the office user who has left: deleted in the tenant, still named by old jobs. */
export function hasLeft(world: World, index: number): boolean {
  return world.realities && index < world.office && index % 6 === leaver;
}

/** A technician; of each 100 two share an address, four have none and no user, one writes it with `+tag`, one with spaces and capitals. */
export function technicianOf(world: World, index: number): Row {
  const { of, name, email } = personOf(world, "technician", index);
  const at = iso(daysAgo(world, 700, of.int("created", dayMs)));
  const noUser = index % 50 === 5 || technicianReality(world, index) === "email_missing";
  return {
    id: idOf(index),
    created_at: at,
    updated_at: at,
    active: true,
    user_id: noUser ? null : idOf(world.office + index),
    name,
    email: technicianEmail(world, index, email),
    phone: `(617) 555-${String(1_000 + (index % 9_000))}`,
    skills: [0, 1].slice(0, 1 + of.int("skills", 2)).map((n) => ({
      name: of.pick(`skill${n}`, skillNames),
      certified_until:
        n === 0 ? iso(world.epoch + of.int("until", 700) * dayMs).slice(0, 10) : null,
    })),
    zone_ids: [idOf(of.int("zone", world.zones))],
    hourly_rate: { amount: `${35 + of.int("rate", 40)}.50`, currency: "USD" },
    home_location: null,
    employee_number: `E${String(index).padStart(4, "0")}`,
    custom: [],
  };
}

/** The reality a technician shows, at fixed places, because a small tenant has ten of them. */
function technicianReality(world: World, index: number): string | undefined {
  if (!world.realities) return undefined;
  if (index % 25 === 7) return "email_missing";
  return index % 100 === 3 ? "email_shared" : index % 100 === 9 ? "email_tagged" : undefined;
}

/** A name with an address made from it. */
export function personOf(
  world: World,
  entity: string,
  index: number,
): { of: Draw; first: string; last: string; name: string; email: string } {
  const of = draw(world.seed, entity, index);
  const [first, last] = [of.pick("first", firstNames), of.pick("last", lastNames)];
  const plain = `${first}.${last}`.normalize("NFD").replace(/[^A-Za-z.]/g, "");
  const host = entity === "contact" ? "customer.example" : "dispatch.example";
  const name = `${first} ${last}`;
  return { of, first, last, name, email: `${plain}.${index}@${host}`.toLowerCase() };
}

function technicianEmail(world: World, index: number, email: string): string | null {
  const reality = technicianReality(world, index);
  if (reality === "email_missing") return null;
  if (reality === "email_tagged") return email.replace("@", "+field@");
  if (reality !== "email_shared") return email;
  return `${personOf(world, "technician", index - 1).email.toUpperCase()} `;
}
