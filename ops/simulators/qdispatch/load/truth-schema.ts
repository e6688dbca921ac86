import { z } from "zod";

const text = z.string().nullish();
const id = z.union([z.string(), z.number()]).transform(String);
const ref = id.nullish();
const flag = z.boolean().nullish();
const decimal = z.union([z.string(), z.number()]).transform(String).nullish();
const money = z
  .strictObject({
    amount: z
      .union([z.string(), z.number()])
      .transform(String)
      .refine((value) => /^-?\d+(\.\d+)?$/.test(value), {
        message: 'must be a decimal such as "12.50"',
      }),
    currency: z.string().nullish(),
  })
  .nullish();
const time = z.iso.datetime({ offset: true, error: "must be a time such as 2026-01-31T09:30:00Z" });
const tags = z.array(z.string()).nullish();
const whole = z.int().nullish();

const every = {
  created_at: time.nullish(),
  updated_at: time.nullish(),
  created_by: ref,
  active: z.boolean().default(true),
  deleted_at: time.nullish(),
  custom: z.array(z.strictObject({ key: z.string(), label: text, value: z.unknown() })).nullish(),
};

/** Fields of each entity, with the names of the domain model; an unknown field is an error. */
export const truthSchemas = {
  zone: z.strictObject({ id, ...every, name: text, postal_codes: tags }),
  user: z.strictObject({ id, ...every, name: text, email: text, role: text, timezone: text }),
  technician: z.strictObject({
    id,
    ...every,
    user_id: ref,
    name: text,
    email: text,
    phone: text,
    skills: z.array(z.strictObject({ name: z.string(), certified_until: text })).nullish(),
    zone_ids: z.array(id).nullish(),
    hourly_rate: money,
    home_location: text,
    employee_number: text,
  }),
  customer: z.strictObject({
    id,
    ...every,
    name: text,
    kind: text,
    account_number: text,
    email: text,
    phone: text,
    website: text,
    billing_address_id: ref,
    parent_id: ref,
    account_manager_id: ref,
    owner_email: text,
    credit_status: text,
    credit_limit: money,
    balance: money,
    tax_exempt: flag,
    preferred_windows: z
      .array(z.strictObject({ day: z.string(), from: z.string(), to: z.string() }))
      .nullish(),
    do_not_service: flag,
    tags,
    merged_into_id: ref,
  }),
  service_location: z.strictObject({
    id,
    ...every,
    customer_id: ref,
    label: text,
    kind: text,
    line1: text,
    line2: text,
    city: text,
    region: text,
    postal_code: text,
    country: text,
    lat: decimal,
    lng: decimal,
    geo_quality: text,
    zone_id: ref,
    access_notes: text,
    is_primary: z.boolean().default(false),
    tags,
  }),
  contact: z.strictObject({
    id,
    ...every,
    customer_id: ref,
    location_id: ref,
    first_name: text,
    last_name: text,
    display_name: text,
    emails: z.array(z.strictObject({ value: z.string(), label: text })).nullish(),
    phones: z.array(z.strictObject({ value: z.string(), kind: text, label: text })).nullish(),
    roles: tags,
    is_primary: z.boolean().default(false),
    title: text,
    do_not_contact: flag,
  }),
  job: z.strictObject({
    id,
    ...every,
    number: text,
    customer_id: ref,
    location_id: ref,
    contact_id: ref,
    title: text,
    description: text,
    status: text,
    status_group: text,
    urgency: text,
    channel: text,
    service_type: text,
    zone_id: ref,
    route_id: ref,
    route_sequence: whole,
    scheduled_start: time.nullish(),
    scheduled_end: time.nullish(),
    due_at: time.nullish(),
    started_at: time.nullish(),
    completed_at: time.nullish(),
    cancelled_at: time.nullish(),
    cancel_reason: text,
    owner_id: ref,
    parent_job_id: ref,
    customer_po: text,
    total: money,
    tags,
    lat: decimal,
    lng: decimal,
  }),
};

const child = { id: ref, job_id: id };

/** Fields of the children of a job, which may come on lines of their own. */
export const childSchemas = {
  job_status_event: z.strictObject({
    ...child,
    seq: whole,
    from: text,
    to: text,
    at: time.nullish(),
    by: ref,
    note: text,
    origin: text,
  }),
  assignment: z.strictObject({
    ...child,
    appointment_id: ref,
    technician_id: ref,
    technician_name: text,
    technician_email: text,
    role: text,
    hours_worked: decimal,
    assigned_at: time.nullish(),
    unassigned_at: time.nullish(),
    status: text,
  }),
  line_item: z.strictObject({
    ...child,
    invoice_id: ref,
    position: whole,
    kind: text,
    sku: text,
    service_type: text,
    description: text,
    quantity: decimal,
    unit: text,
    unit_price: money,
    cost: money,
    tax: money,
    total: money,
    technician_id: ref,
    taxable: flag,
  }),
};

/** A job as it may stand in a file: with its children inside, or without. */
export const jobWithChildren = truthSchemas.job.extend({
  status_events: z.array(childSchemas.job_status_event.omit({ job_id: true })).default([]),
  assignments: z.array(childSchemas.assignment.omit({ job_id: true })).default([]),
  line_items: z.array(childSchemas.line_item.omit({ job_id: true })).default([]),
});
