import type { Ledger } from "../truth/ledger.ts";
import type { Entity, Row } from "../truth/row.ts";
import { activityOf } from "./activity.ts";
import { appointmentOf, ownTimeOf, ownTimes } from "./appointment.ts";
import { attachmentOf } from "./attachment.ts";
import { contactCount, contactOf } from "./contact.ts";
import { customerOf, mergedInto } from "./customer.ts";
import { draw } from "./draw.ts";
import { invoicesOf } from "./invoice.ts";
import { countOf } from "./job-children.ts";
import { jobPlan } from "./job-plan.ts";
import { jobOf, jobsPerCustomer } from "./job.ts";
import { locationCount, locationOf } from "./location.ts";
import { firstLostJob, noteOf, oneOfManyNotes, orphanOf } from "./note.ts";
import { paymentsOf } from "./payment.ts";
import { hasLeft, technicianOf, userOf, zoneOf } from "./people.ts";
import { propertyDefinitions } from "./property-defs.ts";
import { idOf, iso, type World } from "./world.ts";

/** Customers written in one transaction: some thousand rows. */
const customersPerTransaction = 250;

/** Fills an empty ledger with a tenant; a stream, nothing but the present customer is in memory. */
export function generate(ledger: Ledger, world: World): void {
  ledger.together(() => generatePeople(ledger, world));
  for (let from = 0; from < world.size; from += customersPerTransaction)
    ledger.together(() => {
      const to = Math.min(world.size, from + customersPerTransaction);
      for (let index = from; index < to; index++) generateCustomer(ledger, world, index);
    });
}

function generatePeople(ledger: Ledger, world: World): void {
  for (let index = 0; index < world.zones; index++) put(ledger, "zone", zoneOf(world, index));
  for (const row of propertyDefinitions(world)) put(ledger, "custom_property_def", row);
  for (let index = 0; index < world.office + world.technicians; index++) {
    const row = userOf(world, index);
    put(ledger, "user", row);
    if (hasLeft(world, index)) remove(ledger, "user", row, world.epoch - 86_400_000);
  }
  for (let index = 0; index < world.technicians; index++) {
    put(ledger, "technician", technicianOf(world, index));
    for (let nth = 0; nth < ownTimes; nth++)
      put(ledger, "appointment", ownTimeOf(world, index, nth));
  }
}

function generateCustomer(ledger: Ledger, world: World, index: number): void {
  const customer = customerOf(world, index);
  put(ledger, "customer", customer);
  for (let nth = 0; nth < locationCount(world, index); nth++)
    put(ledger, "service_location", locationOf(world, index, nth));
  for (let nth = 0; nth < contactCount(index); nth++)
    put(ledger, "contact", contactOf(world, index, nth));
  const jobs = Array.from({ length: jobsPerCustomer }, (_, nth) => {
    const job = index * jobsPerCustomer + nth;
    return { job, row: jobOf(world, index, job) };
  });
  for (const { job, row } of jobs) {
    put(ledger, "job", row);
    for (const [entity, child] of childrenOfJob(world, job, row)) put(ledger, entity, child);
    for (let nth = 0; nth < countOf("note", job); nth++) {
      const orphan = orphanOf(world, job, nth);
      if (orphan !== undefined && orphan % 2 === 1) generateLostJob(ledger, world, index, orphan);
    }
  }
  generateBills(ledger, world, index, jobs);
  const winner = mergedInto(world, index);
  if (winner === undefined) return;
  const merged = { ...customer, merged_into_id: idOf(winner) };
  remove(ledger, "customer", merged, world.epoch - 3_600_000);
}

function* childrenOfJob(world: World, job: number, row: Row): Generator<[Entity, Row]> {
  for (let nth = 0; nth < countOf("appointment", job); nth++)
    yield ["appointment", appointmentOf(world, job, row, nth)];
  for (let nth = 0; nth < countOf("note", job); nth++) yield ["note", noteOf(world, job, row, nth)];
  for (let nth = 0; nth < countOf("attachment", job); nth++)
    yield ["attachment", attachmentOf(world, job, row, nth)];
  for (let nth = 0; nth < countOf("activity", job); nth++)
    yield ["activity", activityOf(world, job, row, nth)];
  const { planted } = jobPlan(world, draw(world.seed, "job", job), false);
  if (planted?.kind !== "notes_large") return;
  for (let nth = 0; nth < 400; nth++) yield ["note", oneOfManyNotes(world, job, row, nth)];
}

function generateBills(
  ledger: Ledger,
  world: World,
  customer: number,
  jobs: readonly { job: number; row: Row }[],
): void {
  const bills = jobs.flatMap(({ job, row }) => invoicesOf(world, job, row));
  for (const { row } of bills) put(ledger, "invoice", row);
  for (const row of paymentsOf(world, customer, bills)) put(ledger, "payment", row);
}

/** Half of the orphans name a job that was there once; it is gone without a trace, for with one its notes would go too. */
function generateLostJob(ledger: Ledger, world: World, customer: number, nth: number): void {
  const nested = { status_events: [], assignments: [], line_items: [] };
  const row = { ...jobOf(world, customer, firstLostJob + nth), ...nested };
  put(ledger, "job", row);
  remove(ledger, "job", row, world.epoch - 7_200_000, "gone");
}

function remove(
  ledger: Ledger,
  entity: Entity,
  row: Row,
  at: number,
  kind: "deleted" | "gone" = "deleted",
): void {
  const gone = { ...row, active: false, deleted_at: iso(at), updated_at: iso(at) };
  ledger.append(entity, gone, { kind, commitAt: at });
}

/** Commits a record at its own `updated_at`. */
export function put(ledger: Ledger, entity: Entity, row: Row): void {
  ledger.append(entity, row, { commitAt: Date.parse(row.updated_at ?? row.created_at ?? "") });
}
