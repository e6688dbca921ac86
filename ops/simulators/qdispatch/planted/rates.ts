/** A kind of reality and its rate among the records of each entity that shows it. */
export interface RatedKind {
  readonly kind: string;
  /** What a record of the kind is, said of canonical fields. */
  readonly says: string;
  readonly rates: Readonly<Record<string, number | null>>;
}

/**
 * Every kind of contracts/qdispatch.md, section 6, with its rate. Where a kind counts both of a pair
 * (a shared address, a shared number), so does its rate.
 */
export const ratedKinds: readonly RatedKind[] = [
  {
    kind: "email_shared",
    says: "its e-mail, trimmed and in small letters, is another living one's too",
    rates: { technician: 0.02, contact: 0.01 },
  },
  {
    kind: "email_untidy",
    says: "its e-mail has capitals, spaces around it or a +tag",
    rates: { technician: 0.02, contact: 0.02 },
  },
  { kind: "email_missing", says: "it has no e-mail", rates: { technician: 0.04 } },
  { kind: "job_without_customer", says: "customer_id is null", rates: { job: 0.01 } },
  { kind: "job_without_location", says: "location_id is null", rates: { job: 0.02 } },
  { kind: "job_without_owner", says: "owner_id is null", rates: { job: 0.03 } },
  {
    kind: "owner_left",
    says: "owner_id (a customer's account_manager_id) names a user who is inactive",
    rates: { job: 0.03, customer: 0.03 },
  },
  { kind: "orphan", says: "job_id names a job that does not live", rates: { note: 0.005 } },
  {
    kind: "contact_of_merged",
    says: "customer_id names a customer merged into another",
    rates: { contact: 0.005 },
  },
  {
    kind: "status_unknown",
    says: "status is none of the six of the value table",
    rates: { job: 0.005 },
  },
  {
    kind: "html_hostile",
    says: "<script, onerror=, javascript:, data:text/ or data:image/, or 2,000,000 characters",
    rates: { note: 0.003, job: 0.003 },
  },
  {
    kind: "text_long",
    says: "title over 255 or description over 32,000 characters; note over 4,000 bytes; line over 255 characters",
    rates: { job: 0.01, note: 0.01, line_item: 0.01 },
  },
  {
    kind: "text_odd",
    says: "lone surrogate, NUL, U+FFFD, right to left, joined emoji, CR LF beside CR or LF alone",
    rates: { job: 0.01, note: 0.01 },
  },
  {
    kind: "money_odd",
    says: "total below zero, no currency, three decimals of quantity, or a total off its product by over half a cent",
    rates: { line_item: 0.01, invoice: 0.01 },
  },
  {
    kind: "totals_differ",
    says: "subtotal is not its lines', paid not its payments' or over the total, job cancelled; payment below zero that refunds nothing",
    rates: { invoice: 0.03, payment: 0.006 },
  },
  {
    kind: "time_edge",
    says: "a wall clock at the hour that is skipped or comes twice, or of no zone; a whole day of another zone; a window without start",
    rates: { appointment: 0.01 },
  },
  {
    kind: "time_impossible",
    says: "the end before the start, over 14 days, or a year before 1700 or after 4000",
    rates: { appointment: 0.003 },
  },
  {
    kind: "position_default",
    says: "its own position, else its location's, is (0, 0) or the city's default point",
    rates: { job: 0.18, service_location: 0.18 },
  },
  {
    kind: "position_wrong",
    says: "its own position, else its location's, is no number, out of range or swapped",
    rates: { job: 0.002, service_location: 0.002 },
  },
  {
    kind: "postal_odd",
    says: "zip with .0 or of three or four digits; street with two spaces or a range of numbers",
    rates: { service_location: null },
  },
  { kind: "postal_missing", says: "no zip", rates: { service_location: 0.27 } },
  {
    kind: "completed_before_created",
    says: "completed_at is before created_at",
    rates: { job: 0.003 },
  },
  { kind: "number_shared", says: "its number is another living job's too", rates: { job: 0.002 } },
  { kind: "id_long", says: "its id is above 2^53", rates: { job: 0.002 } },
  {
    kind: "property_odd",
    says: "one label twice, a label over 255 characters, a reserved word as key, or a value its definition does not allow",
    rates: { job: 0.05 },
  },
  {
    kind: "file_problem",
    says: "bytes of another type than said, none, 60 MB, not there, an address that has expired, path characters, or a name twice on one job",
    rates: { attachment: 0.02 },
  },
  { kind: "series", says: "it has a recurrence", rates: { appointment: 0.01 } },
  {
    kind: "large",
    says: "40 sites; six customers; nine technicians or 400 notes",
    rates: { customer: null, contact: null, job: null },
  },
];
