import type { Contact, Customer, Job, LineItem, Meta } from "../pipeline/core/generated/records.ts";

const moment = Date.UTC(2026, 0, 15, 9, 30);

/** How a record of a test came to be: read whole, nothing deleted. */
export function aMeta(changes: Partial<Meta> = {}): Meta {
  return {
    stream: "test",
    hash: "0".repeat(32),
    read_at: moment,
    revision: 0,
    deleted: false,
    deleted_at: null,
    delete_reason: null,
    merged_into: null,
    members: null,
    order: null,
    repair: false,
    ...changes,
  };
}

/** What every record has beside its own fields. */
export const envelope = {
  created_at: moment,
  updated_at: moment,
  created_by: "1",
  active: true,
  source_url: null,
  custom: [],
  raw: "{}",
} as const;

/** A valid customer; a test names only what it is about. */
export function aCustomer(changes: Partial<Customer> = {}): Customer {
  return {
    ...envelope,
    meta: aMeta({ members: "whole" }),
    id: "1",
    name: "Beacon Hill Bakery",
    kind: "commercial",
    account_number: "A-1",
    email: "office@bakery.example",
    phone: "+1 617 555 0100",
    website: "https://bakery.example",
    billing_address_id: null,
    parent_id: null,
    account_manager_id: null,
    owner_email: null,
    credit_status: "good",
    credit_limit: { amount: "1000.00", currency: "USD" },
    balance: { amount: "12.50", currency: "USD" },
    tax_exempt: false,
    preferred_windows: [],
    do_not_service: false,
    tags: [],
    locations: [],
    locations_count: 0,
    work_open: null,
    work_closed: null,
    ...changes,
  };
}

/** A valid contact. */
export function aContact(changes: Partial<Contact> = {}): Contact {
  return {
    ...envelope,
    meta: aMeta(),
    id: "1",
    customer_id: "1",
    location_id: null,
    first_name: "Ada",
    last_name: "Baker",
    display_name: "Ada Baker",
    emails: [{ value: "ada@bakery.example", label: null }],
    phones: [{ value: "+1 617 555 0101", kind: "mobile", label: null }],
    roles: ["site"],
    is_primary: true,
    title: "Owner",
    do_not_contact: false,
    ...changes,
  };
}

/** A valid job with a history, an assignment and a site. */
export function aJob(changes: Partial<Job> = {}): Job {
  return {
    ...envelope,
    meta: aMeta({ members: "whole" }),
    id: "1001",
    number: "J-1001",
    customer_id: "1",
    location_id: "1",
    contact_id: "1",
    title: "Boiler does not start",
    description: "No hot water since Monday.",
    status: "Completed",
    status_group: "completed",
    urgency: "high",
    channel: "phone",
    service_type: "Boiler repair",
    zone_id: "1",
    route_id: null,
    route_sequence: null,
    scheduled_start: moment,
    scheduled_end: moment + 3_600_000,
    due_at: moment + 86_400_000,
    started_at: moment,
    completed_at: moment + 3_600_000,
    cancelled_at: null,
    cancel_reason: null,
    owner_id: "1",
    parent_job_id: null,
    customer_po: "PO-7",
    total: { amount: "249.90", currency: "USD" },
    tags: ["warranty"],
    lat: "42.3601",
    lng: "-71.0589",
    location: {
      id: "1",
      label: "Shop",
      line1: "46 Garden St",
      line2: null,
      city: "Boston",
      region: "MA",
      postal_code: "02114",
      country: "US",
      zone_id: "1",
    },
    status_events: [
      { id: "1", to: "Assigned", at: moment },
      { id: "2", to: "Completed", at: moment + 3_600_000 },
    ],
    status_events_count: 2,
    assignments: [{ id: "1", technician_id: "1", role: "Primary", hours_worked: "1.5" }],
    assignments_count: 1,
    line_items_count: 3,
    invoices: [],
    invoices_count: 0,
    appointments: [],
    appointments_count: 0,
    zone_name: null,
    ...changes,
  };
}

/** A valid line of a job. */
export function aLineItem(changes: Partial<LineItem> = {}): LineItem {
  return {
    ...envelope,
    meta: aMeta(),
    id: "1",
    job_id: "1001",
    invoice_id: null,
    position: 1,
    kind: "labor",
    sku: "L-1",
    service_type: "Boiler repair",
    description: "First hour",
    quantity: "1.5",
    unit: "h",
    unit_price: { amount: "90.00", currency: "USD" },
    cost: { amount: "40.00", currency: "USD" },
    tax: { amount: "8.10", currency: "USD" },
    total: { amount: "143.10", currency: "USD" },
    technician_id: "1",
    taxable: true,
    ...changes,
  };
}
