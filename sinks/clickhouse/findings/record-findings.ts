import type { SourceEntity, SourceRecord } from "../../../pipeline/core/source-record.ts";
import { appointmentFindings } from "./appointment.ts";
import { invoiceFindings, lineFindings, paymentFindings } from "./bill.ts";
import { type Findings, found, type Values } from "./findings.ts";
import { attachmentFindings, noteFindings } from "./hanging.ts";
import { jobFindings } from "./job.ts";
import { contactFindings, technicianFindings } from "./people.ts";
import { placeFindings } from "./place.ts";

type Look = (record: Values) => Findings;

const looks: Partial<Record<SourceEntity, Look>> = {
  user: () => found(),
  technician: technicianFindings,
  customer: ({ account_manager_id }) => found([], { owner: account_manager_id }),
  service_location: placeFindings,
  contact: contactFindings,
  contact_link: ({ contact_id, customer_id }) =>
    found([], { contact: contact_id, customer: customer_id }),
  job: jobFindings,
  line_item: lineFindings,
  appointment: appointmentFindings,
  note: noteFindings,
  attachment: attachmentFindings,
  invoice: invoiceFindings,
  payment: paymentFindings,
  custom_property_def: ({ entity, key, type, options }) =>
    found([], { entity, key, type, options: JSON.stringify(options) }),
};

/** What is odd about a record by itself, and the facts that say so together with its neighbours. */
export function recordFindings(entity: string, record: SourceRecord): Findings {
  const look = looks[entity as SourceEntity];
  if (look === undefined || record.meta.deleted) return found();
  const findings = look(record as unknown as Values);
  if (record.active) return findings;
  return { ...findings, facts: { ...findings.facts, inactive: "1" } };
}
