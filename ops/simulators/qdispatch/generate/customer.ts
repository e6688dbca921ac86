import type { Made } from "./made.ts";
import { type Draw, draw } from "./draw.ts";
import { customValues } from "./custom-values.ts";
import { locationCount, locationIndex } from "./location.ts";
import { companyKinds, companyWords, firstNames, lastNames } from "./words.ts";
import { daysAgo, idOf, indexOf, iso, type World } from "./world.ts";

const dayMs = 86_400_000;

/** The realities a customer shows, at their fixed rates. */
export function customerPlants(world: World, index: number): string[] {
  const of = draw(world.seed, "customer", index);
  const plants: string[] = [];
  const inPlace = index >= 2 && index < world.size;
  if (inPlace && mergedInto(world, index) !== undefined) plants.push("customer_merged");
  else if (inPlace && branchOf(world, index) !== undefined) plants.push("customer_branch");
  if (of.oneIn("custom", 20)) plants.push("custom_property_odd");
  if (locationCount(world, index) === 40) plants.push("customer_with_40_addresses");
  return plants;
}

/** The customer a merged one went into: the one before it. */
export function mergedInto(world: World, index: number): number | undefined {
  if (index < 2 || index % 2 === 1) return undefined;
  return draw(world.seed, "customer", index >> 1).oneIn("merged", 50) ? index - 1 : undefined;
}

function branchOf(world: World, index: number): number | undefined {
  // A head office is an odd index, a merged customer an even one, so no branch hangs under a merged customer.
  const head = index - (index % 2 === 0 ? 1 : 2);
  return draw(world.seed, "customer", index).chance("branch", 0.05) ? head : undefined;
}

/** A customer; its billing address is its first location. */
export function customerOf(world: World, index: number, now?: number): Made {
  const of = draw(world.seed, "customer", index);
  const plants = customerPlants(world, index);
  const at = iso(now ?? daysAgo(world, 200 + of.int("age", 500), of.int("time", dayMs)));
  const name = nameOf(of);
  const handle = name.replace(/[^A-Za-z]/g, "").toLowerCase();
  const residential = of.chance("residential", 0.4);
  const branch = plants.includes("customer_branch") ? branchOf(world, index) : undefined;
  const manager = of.int("manager", world.office);
  const row = {
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
    account_manager_id: of.chance("managed", 0.6) ? idOf(manager) : null,
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
    custom: customValues(of, plants.includes("custom_property_odd")),
  };
  return { row, plants };
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
