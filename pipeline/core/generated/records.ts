// Generated from schemas/ by `npm run generate`. Do not edit.

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
  /** fast, full, census, reread or orders */
  readonly lane: string;
  /** JSON; its shape is in pipeline/source/cursor.ts. */
  readonly state: string;
  readonly at: number;
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
  /** Last version ended. */
  readonly version: Version;
  /** Its outcome. */
  readonly ended: string;
  /** Content hash last loaded. */
  readonly hash: null | string;
  /** As last loaded. */
  readonly references: readonly Reference[];
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
  readonly custom: readonly CustomValue[];
  /** The payload as received, JSON; of a nested child, the child's part. */
  readonly raw: string;
}

/** An assignment. */
export interface JobAssignmentMember {
  readonly id: string;
  readonly technician_id: null | string;
  readonly role: null | string;
  /** decimal text */
  readonly hours_worked: null | string;
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
  /** bulk or collections */
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
