import type {
  Assignment,
  Contact,
  Customer,
  Job,
  JobStatusEvent,
  LineItem,
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
  | LineItem;

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
  line_item: { job_id: "job", technician_id: "technician" },
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
};
