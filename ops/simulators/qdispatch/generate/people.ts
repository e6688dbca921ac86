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

/** True for the office user who has left: deleted in the tenant, still named by old jobs. */
export function hasLeft(world: World, index: number): boolean {
  return index < world.office && index % 6 === 4;
}

/** A technician; of each 50, two share an address, one has none and no user, one has no user, one writes `+tag`. */
export function technicianOf(world: World, index: number): Row {
  const { of, name, email } = personOf(world, "technician", index);
  const at = iso(daysAgo(world, 700, of.int("created", dayMs)));
  const plant = technicianPlant(index);
  const noUser = plant === "technician_without_user" || plant === "technician_without_email";
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

/** The reality a technician shows, if any. */
export function technicianPlant(index: number): string | undefined {
  const plants = new Map([
    [3, "technician_shared_email"],
    [5, "technician_without_user"],
    [7, "technician_without_email"],
    [9, "technician_email_tag"],
  ]);
  return plants.get(index % 50);
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
  const plant = technicianPlant(index);
  if (plant === "technician_without_email") return null;
  if (plant === "technician_email_tag") return email.replace("@", "+field@");
  if (plant !== "technician_shared_email") return email;
  return `${personOf(world, "technician", index - 1).email.toUpperCase()} `;
}
