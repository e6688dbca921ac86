import { type Ledger } from "../truth/ledger.ts";
import type { Entity, Row } from "../truth/row.ts";
import { contactCount, contactOf } from "./contact.ts";
import { customerOf, mergedInto } from "./customer.ts";
import { jobOf, jobsPerCustomer } from "./job.ts";
import { locationCount, locationOf } from "./location.ts";
import type { Made } from "./made.ts";
import { hasLeft, technicianOf, technicianPlant, userOf, zoneOf } from "./people.ts";
import { idOf, indexOf, type World } from "./world.ts";

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
  for (let index = 0; index < world.zones; index++)
    put(ledger, "zone", { row: zoneOf(world, index), plants: [] });
  for (let index = 0; index < world.office + world.technicians; index++) {
    const row = userOf(world, index);
    put(ledger, "user", { row, plants: [] });
    if (hasLeft(world, index)) leave(ledger, world, row);
  }
  for (let index = 0; index < world.technicians; index++) {
    const plant = technicianPlant(index);
    put(ledger, "technician", { row: technicianOf(world, index), plants: plant ? [plant] : [] });
  }
}

function leave(ledger: Ledger, world: World, row: Row): void {
  const at = world.epoch - 86_400_000;
  const gone = {
    ...row,
    active: false,
    deleted_at: new Date(at).toISOString(),
    updated_at: new Date(at).toISOString(),
  };
  ledger.append("user", gone, { kind: "deleted", commitAt: at });
  ledger.plant("user_left", "user", row.id);
}

function generateCustomer(ledger: Ledger, world: World, index: number): void {
  const customer = customerOf(world, index);
  put(ledger, "customer", customer);
  for (let nth = 0; nth < locationCount(world, index); nth++)
    put(ledger, "service_location", locationOf(world, index, nth));
  for (let nth = 0; nth < contactCount(index); nth++)
    put(ledger, "contact", contactOf(world, index, nth));
  for (let nth = 0; nth < jobsPerCustomer; nth++)
    put(ledger, "job", jobOf(world, index, index * jobsPerCustomer + nth));
  const winner = customer.plants.includes("customer_merged") ? mergedInto(world, index) : undefined;
  if (winner === undefined) return;
  const at = new Date(world.epoch - 3_600_000).toISOString();
  const row = {
    ...customer.row,
    active: false,
    deleted_at: at,
    updated_at: at,
    merged_into_id: idOf(winner),
  };
  ledger.append("customer", row, { kind: "deleted", commitAt: Date.parse(at) });
}

/** Commits a generated record at its own `updated_at` and notes what it shows. */
export function put(ledger: Ledger, entity: Entity, made: Made): void {
  const { row, plants } = made;
  ledger.append(entity, row, { commitAt: Date.parse(row.updated_at ?? row.created_at ?? "") });
  for (const kind of plants) ledger.plant(kind, entity, row.id);
  if ((indexOf(row.id) ?? 0) % 50 === 7) ledger.plant("id_above_2_53", entity, row.id);
}
