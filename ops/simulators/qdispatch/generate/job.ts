import type { Child, Row } from "../truth/row.ts";
import { contactIndex } from "./contact.ts";
import { customValues, jobProperties, withOdd } from "./custom-values.ts";
import { type Draw, draw } from "./draw.ts";
import { decimal, lineItemOf } from "./line-items.ts";
import { locationIndex } from "./location.ts";
import { creditLineOf, firstAppointment, invoiceId } from "./job-children.ts";
import { assignmentsOf, childId, childSlots } from "./job-crew.ts";
import { type JobPlan, jobPlan } from "./job-plan.ts";
import { timesOf } from "./job-times.ts";
import { hasLeft, leaver } from "./people.ts";
import { statusGroup } from "./status.ts";
import { descriptionOf } from "./texts.ts";
import { equipment, serviceTypes, works } from "./words.ts";
import { daysAgo, idOf, iso, type World } from "./world.ts";

/** Jobs of each generated customer. */
export const jobsPerCustomer = 4;

const hour = 3_600_000;

/** A job with its status events, assignments and lines; `now` makes a fresh one for the dispatcher. */
export function jobOf(world: World, customer: number, index: number, now?: number): Row {
  const of = draw(world.seed, "job", index);
  const plan = jobPlan(world, of, now !== undefined);
  const { path, status } = plan;
  const kind = plan.planted?.kind;
  const created = now ?? daysAgo(world, 8 + of.int("age", 170), of.int("time", 24 * hour));
  const times = timesOf(of, created, path, kind === "completed_before_created");
  const { lines, cents } = linesOf(world, index, plan);
  return {
    id: idOf(index),
    created_at: iso(created),
    updated_at: iso(now ?? Math.max(created, ...times.events)),
    created_by: idOf(of.int("author", world.office)),
    active: true,
    number: String(100_000 + (index > 0 && kind === "number_shared" ? index - 1 : index)),
    ...placeOf(of, customer, kind),
    title: titleOf(of, plan),
    description: descriptionOf(of, plan.planted),
    status,
    status_group: statusGroup(status),
    urgency: of.pick("urgency", ["emergency", "high", "normal", "normal", "normal", "low"]),
    channel: of.pick("channel", ["phone", "phone", "web", "email", "portal", "referral"]),
    service_type: of.pick("service", serviceTypes),
    zone_id: idOf(of.int("zone", world.zones)),
    route_id: null,
    route_sequence: null,
    ...times.fields,
    cancel_reason:
      status === "Cancelled" ? of.pick("reason", ["Customer cancelled", "Duplicate"]) : null,
    owner_id: ownerOf(world, of, kind),
    parent_job_id: recallOf(of),
    customer_po: of.chance("po", 0.2) ? `PO-${of.int("poNumber", 90_000)}` : null,
    total: { amount: decimal(cents), currency: "USD" },
    tags: of.chance("tags", 0.2) ? [of.pick("tag", ["warranty", "after-hours"])] : [],
    lat: null,
    lng: null,
    custom: customOf(world, of, plan),
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
      crowd: kind === "crew_large",
      appointmentId: now === undefined ? firstAppointment(index) : null,
    }),
    line_items: lines,
  };
}

function linesOf(world: World, index: number, plan: JobPlan): { lines: Child[]; cents: number } {
  const invoice = plan.invoice === undefined ? null : invoiceId(index);
  const made = Array.from({ length: plan.lines }, (_, nth) =>
    lineItemOf(world, {
      id: childId(index, nth),
      index: index * childSlots + nth,
      position: nth + 1,
      oddity: plan.oddity,
      long: nth === 0 && plan.planted?.kind === "line_text_long",
      invoice,
    }),
  );
  const credit = plan.invoice === "credit_note" ? [creditLineOf(index, plan.lines + 1)] : [];
  const all = [...made, ...credit];
  return {
    lines: all.map(({ line }) => line),
    cents: all.reduce((sum, one) => sum + one.cents, 0),
  };
}

function placeOf(of: Draw, customer: number, kind: string | undefined): Partial<Row> {
  const none = kind === "job_without_customer";
  const nowhere = none || kind === "job_without_location";
  return {
    customer_id: none ? null : idOf(customer),
    location_id: nowhere ? null : idOf(locationIndex(customer, 0)),
    contact_id: none || of.chance("noContact", 0.2) ? null : idOf(contactIndex(customer, 0)),
  };
}

function titleOf(of: Draw, { planted }: JobPlan): string {
  const title = `${of.pick("work", works)} ${of.pick("thing", equipment)}`;
  return planted?.kind === "text_long" && planted.nth % 2 === 0 ? `${title}, `.repeat(30) : title;
}

function customOf(world: World, of: Draw, { planted }: JobPlan): unknown[] {
  const values = [...customValues(of, undefined), ...jobProperties(world, of)];
  return planted?.kind === "property_odd" ? withOdd(values, planted) : values;
}

function ownerOf(world: World, of: Draw, kind: string | undefined): string | null {
  if (kind === "job_without_owner") return null;
  const owner = of.int("owner", world.office);
  if (kind === "owner_left") return idOf(leaver);
  return idOf(hasLeft(world, owner) ? 0 : owner);
}

function recallOf(of: Draw): string | null {
  // The last job of a customer recalls the first, which the dispatcher therefore never deletes.
  const recalls = of.index % jobsPerCustomer === 3 && of.oneIn("job_recall", 25);
  return recalls ? idOf(of.index - 3) : null;
}
