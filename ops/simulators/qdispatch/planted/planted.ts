import type { Entity, Row } from "../truth/row.ts";
import type { View } from "../truth/view.ts";
import { billKinds } from "./bill-kinds.ts";
import { type Finds, newFinds } from "./finds.ts";
import { jobKinds } from "./job-kinds.ts";
import { fileKinds, noteKinds } from "./note-kinds.ts";
import { contactKinds, emailKinds } from "./people-kinds.ts";
import { isAddressOdd, isZipMissing, positionKind } from "./place-kinds.ts";
import { fitOf } from "./property-fits.ts";
import { type RatedKind, ratedKinds } from "./rates.ts";
import { appointmentKinds } from "./visit-kinds.ts";

/** One kind's records of one entity. */
export interface PlantedOf {
  /** The share of the entity's records, as the contract has it; null where it says "a few". */
  readonly rate: number | null;
  readonly count: number;
  readonly ids: readonly string[];
}

/** A kind of reality, over all entities and by entity. */
export interface PlantedKind extends PlantedOf {
  readonly says: string;
  readonly entity: string;
  readonly by: Readonly<Record<string, PlantedOf>>;
}

const idsAtMost = 5_000;

/** Which living records show which reality, read from the truth as it stands. */
export function planted(view: View): Record<string, PlantedKind> {
  const finds = newFinds();
  survey(view, finds);
  return Object.fromEntries(ratedKinds.map((one) => [one.kind, summaryOf(finds, one)]));
}

function summaryOf(finds: Finds, { kind, says, rates }: RatedKind): PlantedKind {
  const by = Object.fromEntries(
    Object.entries(rates).map(([entity, rate]) => {
      const ids = [...finds.of(kind, entity)].sort();
      return [entity, { rate, count: ids.length, ids: ids.slice(0, idsAtMost) }];
    }),
  );
  const all = Object.values(by);
  return {
    says,
    entity: Object.keys(by).join(", "),
    rate: all[0]?.rate ?? null,
    count: all.reduce((sum, { count }) => sum + count, 0),
    ids: all.flatMap(({ ids }) => ids).slice(0, idsAtMost),
    by,
  };
}

/** Goes through the tenant once, people and places before the jobs that name them. */
function survey(view: View, finds: Finds): void {
  const living = function* (entity: Entity): Generator<Row> {
    for (const { kind, row } of view.all(entity)) if (kind === "alive" && row.active) yield row;
  };
  const inactiveUsers = new Set<string>();
  for (const { id, kind, row } of view.all("user"))
    if (kind !== "alive" || !row.active) inactiveUsers.add(id);
  const technicians = emailKinds(finds, "technician");
  for (const row of living("technician")) technicians.look(row);
  technicians.end();
  surveyCustomers(view, finds, living, inactiveUsers);
  const oddPlaces = surveyPlaces(finds, living("service_location"));
  const fits = new Map<string, (value: unknown) => boolean>();
  for (const row of living("custom_property_def")) {
    const fit = row["entity"] === "job" ? fitOf(row) : undefined;
    if (fit !== undefined) fits.set(String(row["key"]), fit);
  }
  const jobs = jobKinds(finds, { inactiveUsers, oddPlaces, fits });
  const bills = billKinds(finds);
  const jobIds = new Set<string>();
  for (const row of living("job")) {
    jobIds.add(row.id);
    jobs.look(row);
    bills.job(row);
  }
  jobs.end();
  for (const row of living("appointment")) appointmentKinds(finds, row);
  const notes = noteKinds(finds, jobIds);
  for (const row of living("note")) notes.look(row);
  notes.end();
  const files = fileKinds(finds);
  for (const row of living("attachment")) files.look(row);
  for (const row of living("payment")) bills.payment(row);
  for (const row of living("invoice")) bills.invoice(row);
}

function surveyCustomers(
  view: View,
  finds: Finds,
  living: (entity: Entity) => Iterable<Row>,
  inactiveUsers: ReadonlySet<string>,
): void {
  const merged = new Set<string>();
  for (const { id, kind, row } of view.all("customer")) {
    if (typeof row["merged_into_id"] === "string") merged.add(id);
    if (kind === "alive" && inactiveUsers.has(String(row["account_manager_id"])))
      finds.note("owner_left", "customer", id);
  }
  const contacts = emailKinds(finds, "contact");
  for (const row of living("contact")) {
    contacts.look(row);
    contactKinds(finds, merged, row);
  }
  contacts.end();
}

function surveyPlaces(finds: Finds, locations: Iterable<Row>): Map<string, string> {
  const oddPlaces = new Map<string, string>();
  const perCustomer = new Map<string, number>();
  for (const row of locations) {
    const customer = String(row["customer_id"]);
    const sites = (perCustomer.get(customer) ?? 0) + 1;
    perCustomer.set(customer, sites);
    if (sites === 40) finds.note("large", "customer", customer);
    const position = positionKind(row);
    if (position !== undefined) {
      oddPlaces.set(row.id, position);
      finds.note(position, "service_location", row.id);
    }
    if (isZipMissing(row)) finds.note("postal_missing", "service_location", row.id);
    if (isAddressOdd(row)) finds.note("postal_odd", "service_location", row.id);
  }
  return oddPlaces;
}
