import { contactIndex, contactOf } from "../generate/contact.ts";
import { customerOf, isPointedAt, phoneOf } from "../generate/customer.ts";
import { jobOf, jobsPerCustomer } from "../generate/job.ts";
import { locationOf } from "../generate/location.ts";
import { streets } from "../generate/words.ts";
import { idOf, indexOf } from "../generate/world.ts";
import type { Entity, Row } from "../truth/row.ts";
import { choose } from "./choose.ts";
import type { Desk } from "./desk.ts";
import { type Change, existingUser } from "./job-changes.ts";

/** A job for a customer who is there. */
export const jobCreated: Change = (desk, of) => {
  const customer = choose(desk, of, { entity: "customer" });
  if (customer === undefined) return false;
  createJob(desk, customer.id, customer.row["billing_address_id"]);
  return true;
};

/** A new customer with a location, a contact and a job; every third time the customer itself comes last. */
export const customerCreated: Change = (desk, of) => {
  const { world, clock } = desk;
  const index = freeIndex(desk, "customer", world.size);
  const late = of.index % 3 === 0;
  if (!late) createCustomer(desk, index);
  const location = create(desk, "service_location", locationOf(world, index, 0, clock.now()));
  create(desk, "contact", contactOf(world, index, 0, clock.now()));
  createJob(desk, idOf(index), location.id);
  if (late) desk.later({ do: "customer", index });
  return true;
};

/** Makes the customer of an index; also the parent that comes after its children. */
export function createCustomer(desk: Desk, index: number): void {
  create(desk, "customer", customerOf(desk.world, index, desk.clock.now()));
}

function createJob(desk: Desk, customerId: string, locationId: unknown): void {
  const { world, clock, ledger } = desk;
  const index = freeIndex(desk, "job", world.size * jobsPerCustomer);
  const contact = idOf(contactIndex(indexOf(customerId) ?? 0, 0));
  const alive = (entity: Entity, id: unknown): unknown =>
    typeof id === "string" && ledger.newest(entity, id)?.kind === "alive" ? id : null;
  const row = jobOf(world, 0, index, clock.now());
  const links = {
    customer_id: customerId,
    location_id: alive("service_location", locationId),
    contact_id: alive("contact", contact),
    owner_id: existingUser(desk, row["owner_id"]),
  };
  create(desk, "job", { ...row, ...links });
}

/** Creates a generated record; an author the tenant does not have is left out. */
function create(desk: Desk, entity: Entity, row: Row): Row {
  const author = existingUser(desk, row["created_by"]);
  return desk.editor.create(entity, { ...row, created_by: author });
}

function freeIndex(desk: Desk, entity: Entity, first: number): number {
  for (;;) {
    const index = desk.meta.next(entity, first);
    if (desk.ledger.newest(entity, idOf(index)) === undefined) return index;
  }
}

/** Edits a customer. */
export const customerFields: Change = (desk, of) => {
  const customer = choose(desk, of, { entity: "customer" });
  if (customer === undefined) return false;
  const edits = [
    { phone: phoneOf(of, of.int("number", 9_000)) },
    { credit_status: of.pick("credit", ["good", "hold", "cod"]), phone: phoneOf(of, of.index) },
    { email: null, website: `https://moved${of.index}.example` },
  ];
  desk.editor.set("customer", customer.id, of.pick("edit", edits));
  return true;
};

/** Edits a location. */
export const locationFields: Change = (desk, of) => {
  const location = choose(desk, of, { entity: "service_location" });
  if (location === undefined) return false;
  const line1 = `${1 + of.int("house", 9_000)} ${of.pick("street", streets)}`;
  desk.editor.set("service_location", location.id, { line1 });
  return true;
};

/** Edits a contact. */
export const contactFields: Change = (desk, of) => {
  const contact = choose(desk, of, { entity: "contact" });
  if (contact === undefined) return false;
  const phones = [{ value: phoneOf(of, of.int("number", 9_000)), kind: "mobile", label: null }];
  desk.editor.set("contact", contact.id, { phones });
  return true;
};

/** A contact goes to work for another customer. */
export const contactMoved: Change = (desk, of) => {
  const contact = choose(desk, of, { entity: "contact" });
  const suits = ({ id }: { id: string }): boolean => id !== contact?.row["customer_id"];
  const customer = choose(desk, of, { entity: "customer", field: "new customer", suits });
  if (contact === undefined || customer === undefined) return false;
  desk.editor.set("contact", contact.id, { customer_id: customer.id, location_id: null });
  return true;
};

/** Deletes a contact whom no job names, every second time without a trace. */
export const contactDeleted: Change = (desk, of) => {
  const suits = ({ id }: { id: string }): boolean => (indexOf(id) ?? 0) % 2 === 1;
  const contact = choose(desk, of, { entity: "contact", suits });
  if (contact === undefined) return false;
  desk.editor.remove("contact", contact.id, { trace: of.index % 2 === 0 });
  return true;
};

/** One customer is merged into another. */
export const customerMerged: Change = (desk, of) => {
  const loser = choose(desk, of, {
    entity: "customer",
    suits: ({ id }) => !isPointedAt(desk.world, id),
  });
  const winner = choose(desk, of, {
    entity: "customer",
    field: "winner",
    suits: ({ id, row }) => id !== loser?.id && row["parent_id"] !== loser?.id,
  });
  if (loser === undefined || winner === undefined) return false;
  desk.editor.remove("customer", loser.id, { mergedInto: winner.id });
  return true;
};
