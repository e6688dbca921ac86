import type { Row } from "../truth/row.ts";
import { contactIndex } from "./contact.ts";
import { customValues } from "./custom-values.ts";
import { type Draw, draw } from "./draw.ts";
import { decimal, lineItemOf, type MoneyOddity } from "./line-items.ts";
import { locationIndex } from "./location.ts";
import type { Made } from "./made.ts";
import { assignmentsOf, childId, childSlots } from "./job-crew.ts";
import { type Plant, timesOf } from "./job-times.ts";
import { hasLeft } from "./people.ts";
import { statusGroup, statusPathOf, unseenStatuses } from "./status.ts";
import { descriptionOf } from "./texts.ts";
import { equipment, serviceTypes, works } from "./words.ts";
import { daysAgo, idOf, iso, type World } from "./world.ts";

/** Jobs of each generated customer. */
export const jobsPerCustomer = 4;

const hour = 3_600_000;

/** A job with its status events, assignments and lines; `now` makes a fresh one for the dispatcher. */
export function jobOf(world: World, customer: number, index: number, now?: number): Made {
  const of = draw(world.seed, "job", index);
  const plants: string[] = [];
  const plant = (kind: string, every: number): boolean => {
    const shows = of.oneIn(kind, every);
    if (shows) plants.push(kind);
    return shows;
  };
  const created = now ?? daysAgo(world, 8 + of.int("age", 170), of.int("time", 24 * hour));
  const path = now === undefined ? statusPathOf(of) : ["Pending"];
  const status = plant("status_unseen", 200) ? of.pick("unseen", unseenStatuses) : path.at(-1);
  const oddity = plant("money_odd", 100) ? of.pick("oddity", moneyOddities) : undefined;
  const made = Array.from({ length: of.int("lines", 7) || (oddity ? 1 : 0) }, (_, nth) =>
    lineItemOf(world, {
      id: childId(index, nth),
      index: index * childSlots + nth,
      position: nth + 1,
      oddity,
    }),
  );
  const noCustomer = plant("job_without_customer", 100);
  const times = timesOf(of, created, path, plant);
  const row: Row = {
    id: idOf(index),
    created_at: iso(created),
    updated_at: iso(now ?? Math.max(created, ...times.events)),
    created_by: idOf(of.int("author", world.office)),
    active: true,
    number: String(100_000 + (index > 0 && plant("job_number_twice", 500) ? index - 1 : index)),
    customer_id: noCustomer ? null : idOf(customer),
    location_id:
      noCustomer || plant("job_without_location", 50) ? null : idOf(locationIndex(customer, 0)),
    contact_id: noCustomer || of.chance("noContact", 0.2) ? null : idOf(contactIndex(customer, 0)),
    title: titleOf(of, plant),
    description: descriptionOf(of, plants),
    status,
    status_group: statusGroup(status ?? ""),
    urgency: of.pick("urgency", ["emergency", "high", "normal", "normal", "normal", "low"]),
    channel: of.pick("channel", ["phone", "phone", "web", "email", "portal", "referral"]),
    service_type: of.pick("service", serviceTypes),
    zone_id: idOf(of.int("zone", world.zones)),
    route_id: null,
    route_sequence: null,
    ...times.fields,
    cancel_reason:
      status === "Cancelled" ? of.pick("reason", ["Customer cancelled", "Duplicate"]) : null,
    owner_id: ownerOf(world, of, plant),
    parent_job_id: recallOf(index, plant),
    customer_po: of.chance("po", 0.2) ? `PO-${of.int("poNumber", 90_000)}` : null,
    total: {
      amount: decimal(made.reduce((sum, { cents }) => sum + cents, 0)),
      currency: oddity === "no_currency" ? null : "USD",
    },
    tags: of.chance("tags", 0.2) ? [of.pick("tag", ["warranty", "after-hours"])] : [],
    lat: null,
    lng: null,
    custom: customValues(of, plant("custom_property_odd", 20)),
    status_events: path.map((to, nth) => ({
      id: childId(index, nth),
      seq: nth + 1,
      from: path[nth - 1] ?? null,
      to: nth === path.length - 1 ? status : to,
      at: iso(times.events[nth] ?? created),
      by: idOf(of.int("author", world.office)),
      note: null,
      origin: "history",
    })),
    assignments: assignmentsOf(world, of, {
      path,
      assignedAt: times.events[1],
      crowd: plant("job_with_9_technicians", Math.min(1_000, world.size * jobsPerCustomer)),
    }),
    line_items: made.map(({ line }) => line),
  };
  return { row, plants };
}

const moneyOddities: readonly MoneyOddity[] = [
  "negative_total",
  "three_decimals",
  "no_currency",
  "off_by_cents",
];

function titleOf(of: Draw, plant: Plant): string {
  const title = `${of.pick("work", works)} ${of.pick("thing", equipment)}`;
  if (plant("title_over_255", 400)) return `${title}, `.repeat(30);
  return title;
}

function ownerOf(world: World, of: Draw, plant: Plant): string | null {
  if (plant("job_without_owner", 33)) return null;
  const owner = of.int("owner", world.office);
  if (plant("job_owner_left", 34)) return idOf(4);
  return idOf(hasLeft(world, owner) ? 0 : owner);
}

function recallOf(index: number, plant: Plant): string | null {
  // The last job of a customer recalls the first, which the dispatcher therefore never deletes.
  return index % jobsPerCustomer === 3 && plant("job_recall", 25) ? idOf(index - 3) : null;
}
