/** A kind of reality and its rate among the records of each entity that shows it. */
export interface RatedKind {
  readonly kind: string;
  readonly rates: Readonly<Record<string, number | null>>;
}

/**
 * Every kind of contracts/qdispatch.md, section 6, with its rate. Where a kind counts both of a pair
 * (a shared address, a shared number), so does its rate.
 */
export const ratedKinds: readonly RatedKind[] = [
  { kind: "email_shared", rates: { technician: 0.02, contact: 0.01 } },
  { kind: "email_untidy", rates: { technician: 0.02, contact: 0.02 } },
  { kind: "email_missing", rates: { technician: 0.04 } },
  { kind: "job_without_customer", rates: { job: 0.01 } },
  { kind: "job_without_location", rates: { job: 0.02 } },
  { kind: "job_without_owner", rates: { job: 0.03 } },
  { kind: "owner_left", rates: { job: 0.03, customer: 0.03 } },
  { kind: "orphan", rates: { note: 0.005 } },
  { kind: "contact_of_merged", rates: { contact: 0.005 } },
  { kind: "status_unknown", rates: { job: 0.005 } },
  { kind: "html_hostile", rates: { note: 0.003, job: 0.003 } },
  { kind: "text_long", rates: { job: 0.01, note: 0.01, line_item: 0.01 } },
  { kind: "text_odd", rates: { job: 0.01, note: 0.01 } },
  { kind: "money_odd", rates: { line_item: 0.01, invoice: 0.01 } },
  { kind: "totals_differ", rates: { invoice: 0.03, payment: 0.006 } },
  { kind: "time_edge", rates: { appointment: 0.01 } },
  { kind: "time_impossible", rates: { appointment: 0.003 } },
  { kind: "position_default", rates: { job: 0.18, service_location: 0.18 } },
  { kind: "position_wrong", rates: { job: 0.002, service_location: 0.002 } },
  { kind: "postal_odd", rates: { service_location: null } },
  { kind: "postal_missing", rates: { service_location: 0.27 } },
  { kind: "completed_before_created", rates: { job: 0.003 } },
  { kind: "number_shared", rates: { job: 0.002 } },
  { kind: "id_long", rates: { job: 0.002 } },
  { kind: "property_odd", rates: { job: 0.05 } },
  { kind: "file_problem", rates: { attachment: 0.02 } },
  { kind: "series", rates: { appointment: 0.01 } },
  { kind: "large", rates: { customer: null, contact: null, job: null } },
];
