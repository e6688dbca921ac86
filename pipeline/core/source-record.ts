import type {
  Activity,
  Appointment,
  Assignment,
  Attachment,
  Contact,
  ContactLink,
  Customer,
  CustomPropertyDef,
  Invoice,
  Job,
  JobStatusEvent,
  LineItem,
  MergedLine,
  Note,
  Payment,
  ServiceLocation,
  Technician,
  User,
  Zone,
} from "./generated/records.ts";

/** The entities of the source, each with a topic of its own. */
export const sourceEntities = [
  "zone",
  "user",
  "technician",
  "service_location",
  "customer",
  "contact",
  "job",
  "job_status_event",
  "assignment",
  "line_item",
  "contact_link",
  "appointment",
  "note",
  "attachment",
  "activity",
  "invoice",
  "payment",
  "custom_property_def",
  "merged_line",
] as const;

/** One entity's name. */
export type SourceEntity = (typeof sourceEntities)[number];

/** A canonical record of any entity. */
export type SourceRecord =
  | Zone
  | User
  | Technician
  | ServiceLocation
  | Customer
  | Contact
  | Job
  | JobStatusEvent
  | Assignment
  | LineItem
  | ContactLink
  | Appointment
  | Note
  | Attachment
  | Activity
  | Invoice
  | Payment
  | CustomPropertyDef
  | MergedLine;

/**
 * Which entity an id field names, per entity: references are built from it, and the poller's index
 * of who names whom.
 */
export const references: Readonly<Record<SourceEntity, Readonly<Record<string, SourceEntity>>>> = {
  zone: {},
  user: {},
  technician: { user_id: "user" },
  service_location: { customer_id: "customer", zone_id: "zone" },
  customer: {
    parent_id: "customer",
    billing_address_id: "service_location",
    account_manager_id: "user",
  },
  contact: { customer_id: "customer", location_id: "service_location" },
  job: {
    customer_id: "customer",
    location_id: "service_location",
    contact_id: "contact",
    zone_id: "zone",
    owner_id: "user",
    parent_job_id: "job",
  },
  job_status_event: { job_id: "job" },
  assignment: { job_id: "job", technician_id: "technician" },
  line_item: { job_id: "job", technician_id: "technician", invoice_id: "invoice" },
  contact_link: {
    contact_id: "contact",
    customer_id: "customer",
    contact_customer_id: "customer",
  },
  appointment: { job_id: "job" },
  note: { job_id: "job", customer_id: "customer", contact_id: "contact", author_id: "user" },
  attachment: { job_id: "job", customer_id: "customer", contact_id: "contact", note_id: "note" },
  activity: { job_id: "job", customer_id: "customer", contact_id: "contact", owner_id: "user" },
  invoice: { job_id: "job", customer_id: "customer", adjusts_invoice_id: "invoice" },
  payment: { invoice_id: "invoice", customer_id: "customer", refund_of: "payment" },
  custom_property_def: {},
  merged_line: { job_id: "job" },
};

/** A parent that a child may have: the field names it. */
export interface PossibleOwner {
  readonly parent: SourceEntity;
  readonly field: string;
}

const ofJob: readonly PossibleOwner[] = [{ parent: "job", field: "job_id" }];
const ofCustomer: readonly PossibleOwner[] = [{ parent: "customer", field: "customer_id" }];
const ofContact: readonly PossibleOwner[] = [{ parent: "contact", field: "contact_id" }];

/**
 * Children that do not outlive their parent: deleting the parent deletes them, reviving it revives
 * them. Of several possible parents the first that a record names is its owner.
 */
export const ownership: Readonly<Partial<Record<SourceEntity, readonly PossibleOwner[]>>> = {
  service_location: ofCustomer,
  contact: ofCustomer,
  job_status_event: ofJob,
  assignment: ofJob,
  line_item: ofJob,
  merged_line: ofJob,
  contact_link: ofContact,
  appointment: ofJob,
  note: [...ofJob, ...ofContact, ...ofCustomer],
  attachment: [...ofJob, ...ofContact, ...ofCustomer],
  invoice: ofJob,
  payment: [{ parent: "invoice", field: "invoice_id" }],
};

/** The parent a record does not outlive, or undefined where it names none. */
export function ownerOf(
  entity: SourceEntity,
  record: Readonly<Record<string, unknown>>,
): { readonly entity: SourceEntity; readonly id: string } | undefined {
  for (const { parent, field } of ownership[entity] ?? []) {
    const id = record[field];
    if (typeof id === "string" && id !== "") return { entity: parent, id };
  }
  return undefined;
}
