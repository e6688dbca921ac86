import type { Row } from "../truth/row.ts";
import { type Draw, draw } from "./draw.ts";
import { customValues } from "./custom-values.ts";
import { locationIndex } from "./location.ts";
import { hasLeft, leaver } from "./people.ts";
import { realityOf } from "./realities.ts";
import { companyKinds, companyWords, firstNames, lastNames } from "./words.ts";
import { daysAgo, idOf, indexOf, iso, type World } from "./world.ts";

const dayMs = 86_400_000;

/** The customer a merged one went into, the one before it: so many that their contacts are 0.5 % of all. */
export function mergedInto(world: World, index: number): number | undefined {
  if (!world.realities || index < 2 || index % 2 === 1 || index >= world.size) return undefined;
  return draw(world.seed, "customer", index >> 1).oneIn("merged", 67) ? index - 1 : undefined;
}

function branchOf(world: World, index: number): number | undefined {
  if (index < 2 || index >= world.size || mergedInto(world, index) !== undefined) return undefined;
  // A head office is an odd index, a merged customer an even one, so no branch hangs under a merged customer.
  const head = index - (index % 2 === 0 ? 1 : 2);
  return draw(world.seed, "customer", index).chance("branch", 0.05) ? head : undefined;
}

/** A customer; its billing address is its first location. */
export function customerOf(world: World, index: number, now?: number): Row {
  const of = draw(world.seed, "customer", index);
  const at = iso(now ?? daysAgo(world, 200 + of.int("age", 500), of.int("time", dayMs)));
  const name = nameOf(of);
  const handle = name.replace(/[^A-Za-z]/g, "").toLowerCase();
  const residential = of.chance("residential", 0.4);
  const branch = branchOf(world, index);
  return {
    id: idOf(index),
    created_at: at,
    updated_at: at,
    created_by: idOf(of.int("author", world.office)),
    active: true,
    name: residential ? name : `${name} ${index}`,
    kind: residential ? "residential" : "commercial",
    account_number: `A-${String(index).padStart(6, "0")}`,
    email: of.chance("email", 0.85) ? `office@${handle}${index}.example` : null,
    phone: phoneOf(of, index),
    website: residential ? null : `https://${handle}${index}.example`,
    billing_address_id: idOf(locationIndex(index, 0)),
    parent_id: branch === undefined ? null : idOf(branch),
    account_manager_id: managerOf(world, of),
    owner_email: null,
    credit_status: of.pick("credit", ["good", "good", "good", "good", "hold", "cod"]),
    credit_limit: { amount: `${500 * (1 + of.int("limit", 40))}.00`, currency: "USD" },
    balance: {
      amount: `${of.int("balance", 4_000) - 200}.${10 + of.int("cents", 90)}`,
      currency: "USD",
    },
    tax_exempt: of.chance("exempt", 0.08),
    preferred_windows: of.chance("windows", 0.2)
      ? [{ day: "mon", from: "08:00", to: "12:00" }]
      : [],
    do_not_service: of.chance("blocked", 0.01),
    tags: of.chance("tags", 0.3) ? [of.pick("tag", ["vip", "contract", "seasonal"])] : [],
    custom: customValues(of, undefined),
  };
}

function managerOf(world: World, of: Draw): string | null {
  if (realityOf(world, "customer", of.index)?.kind === "manager_left") return idOf(leaver);
  const manager = of.int("manager", world.office);
  if (!of.chance("managed", 0.6)) return null;
  return idOf(hasLeft(world, manager) ? 0 : manager);
}

/** True when other generated records point at this customer as their head office or merge winner. */
export function isPointedAt(world: World, id: string): boolean {
  const index = indexOf(id);
  return index === undefined || index % 2 === 1 || index >= world.size;
}

/** A phone number of the reserved range. */
export function phoneOf(of: Draw, index: number): string {
  return (
    of.pick("phone", ["(617) 555-", "617-555-", "+1 617 555 "]) + String(1_000 + (index % 9_000))
  );
}

function nameOf(of: Draw): string {
  if (of.chance("residential", 0.4))
    return `${of.pick("first", firstNames)} ${of.pick("last", lastNames)}`;
  return `${of.pick("word", companyWords)} ${of.pick("kind", companyKinds)}`;
}
