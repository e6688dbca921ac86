import type { Row } from "../truth/row.ts";
import { customerPlants, phoneOf } from "./customer.ts";
import type { Draw } from "./draw.ts";
import { locationIndex } from "./location.ts";
import type { Made } from "./made.ts";
import { personOf } from "./people.ts";
import { daysAgo, idOf, iso, type World } from "./world.ts";

const roles = ["site", "billing", "dispatch recipient", "site manager"];

/** How many contacts a customer has: one or two. */
export function contactCount(customer: number): number {
  return 1 + (customer % 2);
}

/** The index of a customer's nth contact. */
export function contactIndex(customer: number, nth: number): number {
  return customer * 2 + nth;
}

/** A contact; e-mail duplicates, spaces and `+tag` come at their rates, and now and then one has no last name. */
export function contactOf(world: World, customer: number, nth: number, now?: number): Made {
  const index = contactIndex(customer, nth);
  const { of, first, last, name } = personOf(world, "contact", index);
  const plants: string[] = [];
  if (customerPlants(world, customer).includes("customer_merged"))
    plants.push("contact_of_merged_customer");
  const at = iso(now ?? daysAgo(world, 185 + of.int("age", 400), of.int("time", 86_400_000)));
  const row: Row = {
    id: idOf(index),
    created_at: at,
    updated_at: at,
    created_by: idOf(of.int("author", world.office)),
    active: true,
    customer_id: idOf(customer),
    location_id: of.chance("located", 0.5) ? idOf(locationIndex(customer, 0)) : null,
    ...namesOf(of, { first, last, name }, plants),
    emails: emailsOf(world, of, plants),
    phones: of.chance("phone", 0.8)
      ? [{ value: phoneOf(of, index), kind: of.pick("kind", ["mobile", "office"]), label: null }]
      : [],
    roles: [...new Set([of.pick("role", roles), of.pick("role2", roles)])],
    is_primary: nth === 0,
    title: of.chance("title", 0.3)
      ? of.pick("job", ["Owner", "Facilities", "Office manager"])
      : null,
    do_not_contact: of.chance("quiet", 0.02),
    custom: [],
  };
  return { row, plants };
}

function namesOf(
  of: Draw,
  person: { first: string; last: string; name: string },
  plants: string[],
): Pick<Row, "first_name" | "last_name" | "display_name"> {
  if (of.oneIn("noName", 500)) {
    plants.push("contact_without_name");
    return { first_name: null, last_name: null, display_name: null };
  }
  if (of.oneIn("displayOnly", 120)) {
    plants.push("contact_display_name_only");
    return { first_name: null, last_name: null, display_name: person.name };
  }
  return { first_name: person.first, last_name: person.last, display_name: person.name };
}

function emailsOf(
  world: World,
  of: Draw,
  plants: string[],
): { value: string; label: string | null }[] {
  const own = personOf(world, "contact", of.index).email;
  const one = (value: string): { value: string; label: string | null }[] => [
    { value, label: "work" },
  ];
  if (of.index > 0 && of.oneIn("shared", 50)) {
    plants.push("contact_shared_email");
    return one(personOf(world, "contact", of.index - 1).email);
  }
  if (of.oneIn("spaced", 100)) {
    plants.push("contact_email_case_and_space");
    return one(` ${own.toUpperCase()} `);
  }
  if (of.oneIn("tagged", 97)) {
    plants.push("contact_email_tag");
    return one(own.replace("@", "+jobs@"));
  }
  return of.chance("noEmail", 0.15) ? [] : one(own);
}
