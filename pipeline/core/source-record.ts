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
  | CustomPropertyDef;

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
};

/**
 * Children that do not outlive their parent: deleting the parent deletes them, reviving it revives
 * them. The field names the parent.
 */
export const ownership: Readonly<
  Partial<Record<SourceEntity, { readonly parent: SourceEntity; readonly field: string }>>
> = {
  service_location: { parent: "customer", field: "customer_id" },
  contact: { parent: "customer", field: "customer_id" },
  job_status_event: { parent: "job", field: "job_id" },
  assignment: { parent: "job", field: "job_id" },
  line_item: { parent: "job", field: "job_id" },
  contact_link: { parent: "contact", field: "contact_id" },
  appointment: { parent: "job", field: "job_id" },
  note: { parent: "job", field: "job_id" },
  attachment: { parent: "job", field: "job_id" },
  invoice: { parent: "job", field: "job_id" },
  payment: { parent: "invoice", field: "invoice_id" },
};
