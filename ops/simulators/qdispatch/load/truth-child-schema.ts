import { z } from "zod";
import { decimal, flag, id, money, ref, text, time, whole } from "./truth-values.ts";

const child = { id: ref, job_id: id };

/** One more customer of a contact. */
const contactLink = z.strictObject({
  id: ref,
  contact_id: id,
  customer_id: id,
  role: text,
  is_primary: flag,
});

/** Fields of nested records, which may come on lines of their own. */
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
  contact_link: contactLink,
};
