import type { Child } from "../truth/row.ts";
import type { Draw } from "./draw.ts";
import { realityOf } from "./realities.ts";
import { idOf, type World } from "./world.ts";

/** Ids kept for the links of one contact. */
export const linkSlots = 8;

/** The customers a contact works for besides its own: one contact in 20 has a second, a planted one five more. */
export function linksOf(world: World, of: Draw, customer: number, ordinal: number): Child[] {
  const large = realityOf(world, "contact", ordinal)?.kind === "links_large";
  const count = large ? 5 : of.chance("linked", 0.05) ? 1 : 0;
  const heads = Math.floor(world.size / 2);
  if (count === 0 || heads < 8) return [];
  const first = of.int("first link", heads);
  // Customers of an odd index are never merged, so a link leads to one who is there.
  const others = Array.from({ length: 7 }, (_, nth) => ((first + nth) % heads) * 2 + 1);
  const linked = others.filter((index) => index !== customer && index !== customer - 1);
  return linked.slice(0, count).map((index, nth) => ({
    id: idOf(of.index * linkSlots + nth),
    customer_id: idOf(index),
    role: of.pick(`role of link ${nth}`, ["billing", "site", "site manager"]),
    is_primary: false,
  }));
}
