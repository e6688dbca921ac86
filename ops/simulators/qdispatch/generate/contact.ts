import type { Row } from "../truth/row.ts";
import { linksOf } from "./contact-links.ts";
import { phoneOf } from "./customer.ts";
import type { Draw } from "./draw.ts";
import { locationIndex } from "./location.ts";
import { personOf } from "./people.ts";
import { realityOf } from "./realities.ts";
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

/** A contact; e-mails are shared and untidy at their rates, and now and then one has no last name. */
export function contactOf(world: World, customer: number, nth: number, now?: number): Row {
  const index = contactIndex(customer, nth);
  const { of, first, last, name } = personOf(world, "contact", index);
  const at = iso(now ?? daysAgo(world, 185 + of.int("age", 400), of.int("time", 86_400_000)));
  return {
    id: idOf(index),
    created_at: at,
    updated_at: at,
    created_by: idOf(of.int("author", world.office)),
    active: true,
    customer_id: idOf(customer),
    location_id: of.chance("located", 0.5) ? idOf(locationIndex(customer, 0)) : null,
    ...namesOf(world, of, { first, last, name }),
    emails: emailsOf(world, of, customer, nth),
    phones: of.chance("phone", 0.8)
      ? [{ value: phoneOf(of, index), kind: of.pick("kind", ["mobile", "office"]), label: null }]
      : [],
    roles: [...new Set([of.pick("role", roles), of.pick("role2", roles)])],
    is_primary: nth === 0,
    title: of.chance("title", 0.3)
      ? of.pick("job", ["Owner", "Facilities", "Office manager"])
      : null,
    do_not_contact: of.chance("quiet", 0.02),
    links: linksOf(world, of, customer, ordinalOf(customer, nth)),
    custom: [],
  };
}

/** Counts contacts without a gap: three of each two customers. */
function ordinalOf(customer: number, nth: number): number {
  return Math.floor(customer / 2) * 3 + (customer % 2) + nth;
}

function namesOf(
  world: World,
  of: Draw,
  person: { first: string; last: string; name: string },
): Pick<Row, "first_name" | "last_name" | "display_name"> {
  if (world.realities && of.oneIn("noName", 500))
    return { first_name: null, last_name: null, display_name: null };
  if (world.realities && of.oneIn("displayOnly", 120))
    return { first_name: null, last_name: null, display_name: person.name };
  return { first_name: person.first, last_name: person.last, display_name: person.name };
}

function emailsOf(
  world: World,
  of: Draw,
  customer: number,
  nth: number,
): { value: string; label: string | null }[] {
  const own = personOf(world, "contact", of.index).email;
  const one = (value: string): { value: string; label: string | null }[] => [
    { value, label: "work" },
  ];
  const pair = customer % 2 === 1 && realityOf(world, "contact_pair", customer >> 1) !== undefined;
  if (pair) return one(personOf(world, "contact", of.index - nth).email);
  const reality = realityOf(world, "contact", ordinalOf(customer, nth))?.kind;
  if (reality === "email_spaced") return one(` ${own.toUpperCase()} `);
  if (reality === "email_tagged") return one(own.replace("@", "+jobs@"));
  return of.chance("noEmail", 0.15) ? [] : one(own);
}
