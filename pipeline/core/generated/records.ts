// Generated from schemas/ by `npm run generate`. Do not edit.

/** A call, e-mail, meeting, text message or task. */
export interface Activity {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  /** call, email, meeting, sms or task; an open list. */
  readonly kind: string;
  readonly subject: null | string;
  readonly body: null | string;
  /** inbound or outbound. */
  readonly direction: null | string;
  readonly started_at: null | number;
  readonly ended_at: null | number;
  /** Seconds. */
  readonly duration_s: null | number;
  readonly from: null | string;
  readonly to: readonly string[];
  readonly participants: readonly string[];
  readonly related: readonly ActivityRelated[];
  /** First related job. */
  readonly job_id: null | string;
  /** First related customer, else the job's. */
  readonly customer_id: null | string;
  /** First related contact. */
  readonly contact_id: null | string;
  readonly outcome: null | string;
  readonly recording_url: null | string;
  /** user id */
  readonly owner_id: null | string;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** A record it is about. */
export interface ActivityRelated {
  readonly type: string;
  readonly id: string;
}

/** A planned visit, or time that belongs to no job. */
export interface Appointment {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  /** Null for time that belongs to no job. */
  readonly job_id: null | string;
  readonly starts_at: null | number;
  readonly ends_at: null | number;
  /** As the source wrote it, without zone. */
  readonly starts_local: null | string;
  readonly ends_local: null | string;
  /** IANA zone of the local times. */
  readonly timezone: null | string;
  /** Arrival window. */
  readonly window_start: null | number;
  readonly window_end: null | number;
  readonly all_day: boolean;
  /** YYYY-MM-DD, a day of no zone. */
  readonly all_day_date: null | string;
  readonly recurrence: null | AppointmentRecurrence;
  readonly status: null | string;
  /** First one first. */
  readonly technician_ids: readonly string[];
  readonly service_type: null | string;
  readonly notes: null | string;
  readonly confirmed: null | boolean;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** The series it belongs to; occurrences are records of their own. */
export interface AppointmentRecurrence {
  readonly rrule: null | string;
  /** As a person wrote it, e.g. "every 2nd Tue". */
  readonly text: null | string;
  readonly series_id: null | string;
  /** YYYY-MM-DD */
  readonly exdates: readonly string[];
}

/** A technician on a job. */
export interface Assignment {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly job_id: string;
  readonly appointment_id: null | string;
  readonly technician_id: null | string;
  readonly technician_name: null | string;
  readonly technician_email: null | string;
  readonly role: null | string;
  /** decimal text */
  readonly hours_worked: null | string;
  readonly assigned_at: null | number;
  readonly unassigned_at: null | number;
  readonly status: null | string;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** A file; its bytes stand in the blob folder before this record is written. */
export interface Attachment {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  /** job, customer, contact, location or invoice. */
  readonly parent_type: string;
  readonly parent_id: string;
  /** The job it hangs on, directly or through its invoice. */
  readonly job_id: null | string;
  /** The customer it hangs on, directly or through its job, contact, site or invoice. */
  readonly customer_id: null | string;
  /** The contact it hangs on. */
  readonly contact_id: null | string;
  readonly note_id: null | string;
  readonly file_name: null | string;
  /** As claimed by the source. */
  readonly mime_type: null | string;
  /** Bytes, as claimed by the source. */
  readonly size: null | number;
  /** Signed, expires; never used after spooling. */
  readonly url: null | string;
  readonly url_expires_at: null | number;
  /** photo, signature, form or document. */
  readonly kind: null | string;
  readonly taken_at: null | number;
  readonly file: null | SpooledFile;
  /** Why there are no bytes: missing, refused, too_large or unreachable. */
  readonly file_problem: null | string;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** A person at a customer. */
export interface Contact {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly customer_id: null | string;
  readonly location_id: null | string;
  readonly first_name: null | string;
  readonly last_name: null | string;
  readonly display_name: null | string;
  readonly emails: readonly EmailAddress[];
  readonly phones: readonly PhoneNumber[];
  readonly roles: readonly string[];
  readonly is_primary: boolean;
  readonly title: null | string;
  readonly do_not_contact: null | boolean;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** A contact works for one more customer; copies of the contact's own fields come with it. */
export interface ContactLink {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly contact_id: string;
  readonly customer_id: string;
  /** The contact's own customer: a link to it adds nothing. */
  readonly contact_customer_id: null | string;
  readonly role: null | string;
  readonly is_primary: null | boolean;
  readonly first_name: null | string;
  readonly last_name: null | string;
  readonly display_name: null | string;
  readonly title: null | string;
  readonly emails: readonly LinkEmail[];
  readonly phones: readonly LinkPhone[];
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** One event of the migration's log; readers fold it. */
export interface Control {
  /** run, plan, gate, owners, wave, fence, phase, snapshot_end, order, finish, poll_fence, pause */
  readonly kind: string;
  readonly name: string;
  /** JSON; its shape per kind is in pipeline/core/control.ts. */
  readonly value: string;
  readonly said_by: string;
  readonly at: number;
}

/** Where one lane of one stream stands; committed with the records it covers. */
export interface Cursor {
  readonly stream: string;
  /** fast, full, census, reread, files or orders */
  readonly lane: string;
  /** JSON; its shape is in pipeline/source/cursor.ts. */
  readonly state: string;
  readonly at: number;
}

/** What the source says a custom property is; it need not be true. */
export interface CustomPropertyDef {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly entity: string;
  readonly key: string;
  readonly label: null | string;
  /** text, long_text, number, integer, boolean, date, datetime, picklist, multi_picklist, url or unknown. */
  readonly type: null | string;
  readonly options: readonly string[];
  readonly required: null | boolean;
  readonly inferred: null | boolean;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** One custom property as the source sent it. */
export interface CustomValue {
  readonly key: string;
  readonly label: null | string;
  /** The value as text: a string as it stands, anything else as JSON. */
  readonly value: null | string;
  /** text, number, boolean, date, datetime, list or unknown. */
  readonly type_guess: string;
}

/** A customer as last seen, with its locations (only what a customer's own columns need). */
export interface Customer {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly name: null | string;
  /** residential, commercial or other */
  readonly kind: null | string;
  readonly account_number: null | string;
  readonly email: null | string;
  readonly phone: null | string;
  readonly website: null | string;
  /** service_location id */
  readonly billing_address_id: null | string;
  /** customer id (branches) */
  readonly parent_id: null | string;
  /** user id */
  readonly account_manager_id: null | string;
  readonly owner_email: null | string;
  readonly credit_status: null | string;
  readonly credit_limit: null | Money;
  readonly balance: null | Money;
  readonly tax_exempt: null | boolean;
  readonly preferred_windows: readonly PreferredWindow[];
  readonly do_not_service: null | boolean;
  readonly tags: readonly string[];
  /** At most 200; locations_count says how many there are. */
  readonly locations: readonly CustomerLocation[];
  readonly locations_count: number;
  /** Living jobs that name it and are not closed; null where the plan does not ask. */
  readonly work_open: null | number;
  /** Living jobs that name it and are closed; null where the plan does not ask. */
  readonly work_closed: null | number;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** A site of this customer. */
export interface CustomerLocation {
  readonly id: string;
  readonly kind: null | string;
  readonly is_primary: boolean;
  readonly label: null | string;
  readonly line1: null | string;
  readonly line2: null | string;
  readonly city: null | string;
  readonly region: null | string;
  readonly postal_code: null | string;
  readonly country: null | string;
}

/** One e-mail address. */
export interface EmailAddress {
  readonly value: string;
  readonly label: null | string;
}

/** What we know of one destination row: the loader's memory. */
export interface Identity {
  readonly object: string;
  readonly key: string;
  readonly source_id: string;
  /** Null where the row was never created (refused, never existed). */
  readonly destination_id: null | string;
  /** Ids of its further rows, in order, where a record is several. */
  readonly more_ids: readonly string[];
  /** Last version ended. */
  readonly version: Version;
  /** Its outcome. */
  readonly ended: string;
  /** Content hash last loaded. */
  readonly hash: null | string;
  /** As last loaded. */
  readonly references: readonly Reference[];
  /** What the record names and the row was loaded without, because it was deleted. */
  readonly cleared: readonly Reference[];
  /** created (by us) or found */
  readonly origin: string;
  /** A pre-image has been committed. */
  readonly preimage: boolean;
  readonly deleted: boolean;
  /** Second pass outstanding. */
  readonly incomplete: boolean;
  readonly rolled_back: boolean;
  readonly at: number;
}

/** A bill; it carries the sums of its lines and payments, which need not agree with it. */
export interface Invoice {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly number: null | string;
  readonly job_id: null | string;
  readonly customer_id: null | string;
  readonly status: null | string;
  /** YYYY-MM-DD */
  readonly issued_on: null | string;
  /** YYYY-MM-DD */
  readonly due_on: null | string;
  readonly subtotal: null | Money;
  readonly tax: null | Money;
  readonly fees: null | Money;
  readonly discount: null | Money;
  readonly total: null | Money;
  readonly paid: null | Money;
  readonly balance: null | Money;
  readonly currency: null | string;
  readonly adjusts_invoice_id: null | string;
  readonly voided_at: null | number;
  readonly external_ref: null | string;
  /** Status of its job. */
  readonly job_status: null | string;
  /** Decimal text: sum of the totals of its living lines. */
  readonly lines_total: null | string;
  readonly lines_count: number;
  /** Decimal text: sum applied to it by succeeded payments, refunds taken off. */
  readonly payments_total: null | string;
  readonly payments_count: number;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** A job (work order) with the sets its own columns need. */
export interface Job {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  /** Not unique. */
  readonly number: null | string;
  readonly customer_id: null | string;
  readonly location_id: null | string;
  readonly contact_id: null | string;
  readonly title: null | string;
  readonly description: null | string;
  /** Open, tenant-defined. */
  readonly status: null | string;
  readonly status_group: null | string;
  readonly urgency: null | string;
  readonly channel: null | string;
  readonly service_type: null | string;
  readonly zone_id: null | string;
  readonly route_id: null | string;
  readonly route_sequence: null | number;
  readonly scheduled_start: null | number;
  readonly scheduled_end: null | number;
  readonly due_at: null | number;
  readonly started_at: null | number;
  readonly completed_at: null | number;
  readonly cancelled_at: null | number;
  readonly cancel_reason: null | string;
  /** user id */
  readonly owner_id: null | string;
  readonly parent_job_id: null | string;
  readonly customer_po: null | string;
  readonly total: null | Money;
  readonly tags: readonly string[];
  readonly lat: null | string;
  readonly lng: null | string;
  readonly location: null | JobLocation;
  /** At most 200, oldest first. */
  readonly status_events: readonly JobStatusEventMember[];
  readonly status_events_count: number;
  /** At most 200. */
  readonly assignments: readonly JobAssignmentMember[];
  readonly assignments_count: number;
  readonly line_items_count: number;
  /** At most 200, by id. */
  readonly invoices: readonly JobInvoiceMember[];
  readonly invoices_count: number;
  /** At most 200, by their start; empty where the plan does not ask. */
  readonly appointments: readonly JobAppointmentMember[];
  readonly appointments_count: number;
  /** Of the zone it names; null where the plan does not ask. */
  readonly zone_name: null | string;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** A visit. */
export interface JobAppointmentMember {
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  readonly created_by: null | string;
  readonly starts_at: null | number;
  readonly ends_at: null | number;
  readonly starts_local: null | string;
  readonly ends_local: null | string;
  readonly window_start: null | number;
  readonly window_end: null | number;
  readonly all_day: boolean;
  /** YYYY-MM-DD */
  readonly all_day_date: null | string;
  readonly timezone: null | string;
  readonly status: null | string;
  readonly technician_ids: readonly string[];
  readonly service_type: null | string;
  readonly notes: null | string;
  readonly confirmed: null | boolean;
  readonly recurrence_rule: null | string;
  readonly recurrence_text: null | string;
  readonly series_id: null | string;
  readonly exdates: readonly string[];
  readonly custom: readonly CustomValue[];
}

/** An assignment. */
export interface JobAssignmentMember {
  readonly id: string;
  readonly technician_id: null | string;
  readonly role: null | string;
  /** decimal text */
  readonly hours_worked: null | string;
}

/** A bill with what was paid. */
export interface JobInvoiceMember {
  readonly id: string;
  readonly number: null | string;
  readonly status: null | string;
  readonly issued_on: null | string;
  readonly due_on: null | string;
  /** Decimal text, as the other amounts. */
  readonly subtotal: null | string;
  readonly tax: null | string;
  readonly fees: null | string;
  readonly discount: null | string;
  readonly total: null | string;
  readonly paid: null | string;
  readonly balance: null | string;
  readonly currency: null | string;
  readonly lines_total: null | string;
  readonly payments_total: null | string;
}

/** The job's site. */
export interface JobLocation {
  readonly id: string;
  readonly label: null | string;
  readonly line1: null | string;
  readonly line2: null | string;
  readonly city: null | string;
  readonly region: null | string;
  readonly postal_code: null | string;
  readonly country: null | string;
  readonly zone_id: null | string;
}

/** One status change of a job. */
export interface JobStatusEvent {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly job_id: string;
  readonly seq: null | number;
  readonly from: null | string;
  readonly to: null | string;
  readonly at: null | number;
  /** user or technician id */
  readonly by: null | string;
  readonly note: null | string;
  /** history or derived */
  readonly origin: null | string;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** A status change. */
export interface JobStatusEventMember {
  readonly id: string;
  readonly to: null | string;
  readonly at: null | number;
}

/** One line of work or material on a job. */
export interface LineItem {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly job_id: string;
  readonly invoice_id: null | string;
  readonly position: null | number;
  readonly kind: null | string;
  readonly sku: null | string;
  readonly service_type: null | string;
  readonly description: null | string;
  /** decimal text */
  readonly quantity: null | string;
  readonly unit: null | string;
  readonly unit_price: null | Money;
  readonly cost: null | Money;
  readonly tax: null | Money;
  readonly total: null | Money;
  readonly technician_id: null | string;
  readonly taxable: null | boolean;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** An address. */
export interface LinkEmail {
  readonly value: string;
  readonly label: null | string;
}

/** A number. */
export interface LinkPhone {
  readonly value: string;
  readonly kind: null | string;
  readonly label: null | string;
}

/** Lines of one job that are equal but for how many they are, as one: made by the poller where the plan merges lines. */
export interface MergedLine {
  readonly meta: Meta;
  /** Made of the job and of what its lines have in common. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly job_id: string;
  readonly kind: null | string;
  readonly sku: null | string;
  readonly service_type: null | string;
  readonly description: null | string;
  readonly unit: null | string;
  readonly unit_price: null | Money;
  readonly taxable: null | boolean;
  /** The lowest of its lines'. */
  readonly position: null | number;
  /** Decimal text: the exact sum of its lines'. */
  readonly quantity: null | string;
  /** The exact sum of its lines'. */
  readonly total: null | Money;
  /** The exact sum of its lines'. */
  readonly tax: null | Money;
  /** The exact sum of its lines'. */
  readonly cost: null | Money;
  readonly lines_count: number;
  /** At most 200; lines_count says how many there are. */
  readonly line_ids: readonly string[];
  readonly custom: readonly CustomValue[];
  /** The ids of its lines, JSON: what was received stands with them. */
  readonly raw: string;
}

/** How a source record came to be written. */
export interface Meta {
  /** The profile's stream it was read from. */
  readonly stream: string;
  /** SHA-256 (hex, first 32 characters) of the canonical content, without raw, source_url and volatile fields; equal hashes are never written twice in a row. */
  readonly hash: string;
  /** When the request that returned it was started, by our clock. */
  readonly read_at: number;
  /** Amendment revision in force when it was written; 0 is the confirmed plan. */
  readonly revision: number;
  readonly deleted: boolean;
  readonly deleted_at: null | number;
  /** flag, feed, census, merge, vanished or with_parent. */
  readonly delete_reason: null | string;
  /** The winner's id where delete_reason is merge. */
  readonly merged_into: null | string;
  /** Roots only: pending (transform skips it) or whole. */
  readonly members: null | string;
  /** The order in control that asked for this repeat. */
  readonly order: null | string;
  /** Sent to the destination although its hash was the last one loaded. */
  readonly repair: boolean;
}

/** An exact amount: a decimal as text, never a float. */
export interface Money {
  /** Decimal text, e.g. "-12.50". */
  readonly amount: string;
  /** ISO 4217 code; null where the source names none. */
  readonly currency: null | string;
}

/** A text somebody wrote on a job, customer, contact, site or invoice. */
export interface Note {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  /** job, customer, contact, location or invoice. */
  readonly parent_type: string;
  readonly parent_id: string;
  /** The job it hangs on, directly or through its invoice. */
  readonly job_id: null | string;
  /** The customer it hangs on, directly or through its job, contact, site or invoice. */
  readonly customer_id: null | string;
  /** The contact it hangs on. */
  readonly contact_id: null | string;
  readonly body: null | string;
  /** html, markdown or text. */
  readonly format: null | string;
  /** internal or customer. */
  readonly visibility: null | string;
  readonly pinned: null | boolean;
  /** user id */
  readonly author_id: null | string;
  readonly author_name: null | string;
  readonly written_at: null | number;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** A destination row as read, or a sweep's begin or end. */
export interface Observed {
  /** row, absent (asked for by key, not there), sweep_begin, sweep_end or watermark (of the fast lane, in modified_at) */
  readonly kind: string;
  readonly object: string;
  /** Empty where kind is not row. */
  readonly destination_id: string;
  /** Source key the row carries. */
  readonly key: null | string;
  readonly deleted: boolean;
  /** Canonical text per field; a lookup holds its target's source key. */
  readonly fields: Readonly<Record<string, null | string>>;
  readonly modified_at: null | number;
  readonly modified_by: null | string;
  readonly read_id: string;
  /** fast, sweep or ask */
  readonly lane: string;
  /** End of every outcome partition before the read was sent. */
  readonly outcome_before: readonly number[];
  /** End of every request partition after its reply. */
  readonly request_after: readonly number[];
  /** End of the object's load partitions before the read was sent. */
  readonly load_before: readonly number[];
  readonly read_at: number;
  /** sweep_end: rows read. */
  readonly rows: null | number;
  /** sweep_end: end of every observed partition behind the sweep's rows. */
  readonly observed_end: null | readonly number[];
}

/** How one version of one record ended: exactly one per (object, key, version). */
export interface Outcome {
  readonly object: string;
  readonly key: string;
  readonly source_id: string;
  readonly entity: string;
  readonly version: Version;
  /** created, updated, unchanged, deleted, superseded or refused */
  readonly outcome: string;
  /** e.g. confirmed_late, released, never_created */
  readonly reason: null | string;
  /** Refused: the destination's code. */
  readonly code: null | string;
  readonly field: null | string;
  readonly message: null | string;
  readonly destination_id: null | string;
  readonly request_id: null | string;
  readonly order: null | string;
  /** When the source record was committed to its topic. */
  readonly committed_at: number;
  readonly ended_at: number;
  /** From receipt by the loader to its end. */
  readonly duration_ms: number;
}

/** The newest version of a record that must wait. */
export interface Parked {
  readonly object: string;
  readonly key: string;
  readonly source_id: string;
  readonly entity: string;
  readonly version: Version;
  /** parent_missing, parent_refused, parent_deleted, owner_unresolved, still_referenced, locked, retries_used_up, storage_full, ambiguous */
  readonly reason: string;
  readonly field: null | string;
  readonly waits_for_object: null | string;
  readonly waits_for_key: null | string;
  readonly code: null | string;
  readonly message: null | string;
  readonly attempts: number;
  readonly since: number;
  readonly next_try_at: null | number;
  readonly load_partition: number;
  readonly load_offset: number;
  /** The load record's framed value. */
  readonly record: Buffer;
}

/** Money received or given back. */
export interface Payment {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly applications: readonly PaymentApplication[];
  /** The invoice, where it pays exactly one. */
  readonly invoice_id: null | string;
  readonly customer_id: null | string;
  readonly amount: null | Money;
  readonly unapplied: null | Money;
  readonly method: null | string;
  /** succeeded, pending, failed or refunded. */
  readonly status: null | string;
  readonly reference: null | string;
  /** payment id */
  readonly refund_of: null | string;
  readonly received_at: null | number;
  readonly memo: null | string;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** Part of it that pays an invoice. */
export interface PaymentApplication {
  readonly invoice_id: string;
  readonly amount: null | Money;
  readonly at: null | number;
}

/** One phone number. */
export interface PhoneNumber {
  readonly value: string;
  readonly kind: null | string;
  readonly label: null | string;
}

/** A weekly window. */
export interface PreferredWindow {
  readonly day: string;
  readonly from: string;
  readonly to: string;
}

/** Every writeable column of a row that was there before us. */
export interface Preimage {
  readonly object: string;
  readonly destination_id: string;
  readonly key: string;
  readonly fields: Readonly<Record<string, null | string>>;
  readonly modified_at: null | number;
  /** A write has succeeded: never replaced. */
  readonly final: boolean;
  readonly taken_at: number;
}

/** A reference as loaded: this row's field names that object's source key. */
export interface Reference {
  readonly field: string;
  readonly object: string;
  /** Source key of the target. */
  readonly key: string;
}

/** A write to the destination: committed before it leaves. */
export interface Request {
  readonly request_id: string;
  readonly run: number;
  /** bulk or small */
  readonly channel: string;
  /** intended, job_created, uploaded, closed, ended or abandoned */
  readonly state: string;
  readonly job_id: null | string;
  /** The destination user it goes by. */
  readonly lane: string;
  readonly groups: readonly RequestGroup[];
  readonly rows: number;
  readonly at: number;
  readonly note: null | string;
}

/** One row. */
export interface RequestEntry {
  readonly key: string;
  /** Source offset of the version sent. */
  readonly offset: number;
  /** Source partition. */
  readonly partition: number;
  readonly load_offset: number;
  readonly load_partition: number;
  readonly destination_id: null | string;
  /** Ids of its further rows, in order, where a record is several. */
  readonly more_ids: readonly string[];
}

/** Rows of one object and operation. */
export interface RequestGroup {
  readonly object: string;
  /** insert, update or delete */
  readonly operation: string;
  /** Load topic of the entries. */
  readonly topic: string;
  readonly source_topic: string;
  readonly entries: readonly RequestEntry[];
}

/** A site: where work is done or bills go. */
export interface ServiceLocation {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly customer_id: null | string;
  readonly label: null | string;
  /** billing, service, branch or mailing */
  readonly kind: null | string;
  readonly line1: null | string;
  readonly line2: null | string;
  readonly city: null | string;
  readonly region: null | string;
  readonly postal_code: null | string;
  readonly country: null | string;
  /** decimal text */
  readonly lat: null | string;
  /** decimal text */
  readonly lng: null | string;
  readonly geo_quality: null | string;
  readonly zone_id: null | string;
  readonly access_notes: null | string;
  readonly is_primary: boolean;
  readonly tags: readonly string[];
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** A skill or certification. */
export interface Skill {
  readonly name: string;
  /** YYYY-MM-DD */
  readonly certified_until: null | string;
}

/** The bytes as downloaded. */
export interface SpooledFile {
  /** Hex; also the blob's name. */
  readonly sha256: string;
  readonly size: number;
  /** Sniffed from the first bytes. */
  readonly mime_detected: null | string;
}

/** A field technician. */
export interface Technician {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly user_id: null | string;
  readonly name: null | string;
  readonly email: null | string;
  readonly phone: null | string;
  readonly skills: readonly Skill[];
  readonly zone_ids: readonly string[];
  readonly hourly_rate: null | Money;
  readonly home_location: null | string;
  readonly employee_number: null | string;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** An office user of the source. */
export interface User {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly name: null | string;
  readonly email: null | string;
  readonly role: null | string;
  readonly timezone: null | string;
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** Which state of a source record this is: its place in the log. A source's own clocks and counters are data, never order. */
export interface Version {
  readonly run: number;
  /** Source topic. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A dispatch zone. */
export interface Zone {
  readonly meta: Meta;
  /** The source's own id, verbatim. */
  readonly id: string;
  readonly created_at: null | number;
  readonly updated_at: null | number;
  /** user id */
  readonly created_by: null | string;
  readonly active: boolean;
  readonly source_url: null | string;
  readonly name: null | string;
  readonly postal_codes: readonly string[];
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}
