import type { Version } from "../truth/ledger.ts";
import { type Child, childrenOf, type Entity, type Row } from "../truth/row.ts";

declare global {
  interface JSON {
    /** Text that `JSON.stringify` writes as it stands; the only way to put an int64 on the wire. */
    rawJSON(text: string): unknown;
  }
}

/** A value as this dialect sends it. */
export type Wire = Record<string, unknown>;

/** An id as a JSON number, digit by digit; an id that is no plain integer stays a string. */
export function idNumber(id: unknown): unknown {
  if (typeof id !== "string") return id ?? null;
  if (!/^(0|-?[1-9]\d{0,18})$/.test(id)) return id;
  return id.length < 16 ? Number(id) : JSON.rawJSON(id);
}

function ids(values: unknown): unknown[] {
  return Array.isArray(values) ? values.map(idNumber) : [];
}

/** Coordinates as numbers where a number says the same, else as they stand. */
function coordinate(text: unknown): unknown {
  return typeof text === "string" && String(Number(text)) === text ? Number(text) : (text ?? null);
}

type Money = { amount: string; currency?: string | null } | null | undefined;

/** Decimal strings, as the copied API sends them. */
function amount(value: unknown): string | null {
  return (value as Money)?.amount ?? null;
}

function currencyOf(...values: unknown[]): string | null {
  return values.map((value) => (value as Money)?.currency).find(Boolean) ?? null;
}

function custom(row: Record<string, unknown>): unknown[] {
  const values = (row["custom"] ?? []) as { key: string; label?: string | null; value: unknown }[];
  return values.map(({ key, label, value }) => ({ name: key, label: label ?? null, value }));
}

const list = (value: unknown): unknown => value ?? [];

const shapes: Partial<Record<Entity, (row: Row) => Wire>> = {
  zone: (row) => ({ name: row["name"], zips: list(row["postal_codes"]) }),
  user: (row) => ({
    name: row["name"],
    email: row["email"],
    role: row["role"],
    timeZone: row["timezone"],
  }),
  technician: (row) => ({
    userId: idNumber(row["user_id"]),
    name: row["name"],
    email: row["email"],
    phoneNumber: row["phone"],
    skills: ((row["skills"] ?? []) as Wire[]).map((skill) => ({
      name: skill["name"],
      certifiedUntil: skill["certified_until"] ?? null,
    })),
    zoneIds: ids(row["zone_ids"]),
    hourlyRate: amount(row["hourly_rate"]),
    currency: currencyOf(row["hourly_rate"]),
    home: row["home_location"],
    employeeNumber: row["employee_number"],
    customFields: custom(row),
  }),
  service_location: (row) => ({
    customerId: idNumber(row["customer_id"]),
    name: row["label"],
    kind: row["kind"],
    address: {
      street: row["line1"],
      unit: row["line2"],
      city: row["city"],
      state: row["region"],
      zip: row["postal_code"],
      country: row["country"],
      latitude: coordinate(row["lat"]),
      longitude: coordinate(row["lng"]),
      geoQuality: row["geo_quality"],
    },
    zoneId: idNumber(row["zone_id"]),
    accessNotes: row["access_notes"],
    isPrimary: row["is_primary"],
    tags: list(row["tags"]),
    createdById: idNumber(row["created_by"]),
    customFields: custom(row),
  }),
  customer: (row) => ({
    name: row["name"],
    type: row["kind"],
    accountNumber: row["account_number"],
    email: row["email"],
    phone: row["phone"],
    website: row["website"],
    billingLocationId: idNumber(row["billing_address_id"]),
    parentId: idNumber(row["parent_id"]),
    accountManagerId: idNumber(row["account_manager_id"]),
    ownerEmail: row["owner_email"],
    creditStatus: row["credit_status"],
    creditLimit: amount(row["credit_limit"]),
    balance: amount(row["balance"]),
    currency: currencyOf(row["credit_limit"], row["balance"]),
    taxExempt: row["tax_exempt"],
    preferredWindows: list(row["preferred_windows"]),
    doNotService: row["do_not_service"],
    tags: list(row["tags"]),
    createdById: idNumber(row["created_by"]),
    customFields: custom(row),
  }),
  contact: (row) => ({
    customerId: idNumber(row["customer_id"]),
    locationId: idNumber(row["location_id"]),
    firstName: row["first_name"],
    lastName: row["last_name"],
    displayName: row["display_name"],
    emails: list(row["emails"]),
    phones: list(row["phones"]),
    roles: list(row["roles"]),
    isPrimary: row["is_primary"],
    title: row["title"],
    doNotContact: row["do_not_contact"],
    createdById: idNumber(row["created_by"]),
    customFields: custom(row),
  }),
  job: (row) => ({
    jobNumber: row["number"],
    customerId: customerRef(row),
    locationId: idNumber(row["location_id"]),
    contactId: idNumber(row["contact_id"]),
    summary: row["title"],
    description: row["description"],
    jobStatus: row["status"],
    statusGroup: row["status_group"],
    priority: row["urgency"],
    campaign: row["channel"],
    jobType: row["service_type"],
    zoneId: idNumber(row["zone_id"]),
    routeId: idNumber(row["route_id"]),
    routeSequence: row["route_sequence"],
    scheduledStart: row["scheduled_start"],
    scheduledEnd: row["scheduled_end"],
    dueOn: row["due_at"],
    startedOn: row["started_at"],
    completedOn: row["completed_at"],
    cancelledOn: row["cancelled_at"],
    cancelReason: row["cancel_reason"],
    soldById: idNumber(row["owner_id"]),
    recallForId: idNumber(row["parent_job_id"]),
    customerPo: row["customer_po"],
    total: amount(row["total"]),
    currency: currencyOf(row["total"]),
    tags: list(row["tags"]),
    latitude: coordinate(row["lat"]),
    longitude: coordinate(row["lng"]),
    createdById: idNumber(row["created_by"]),
    customFields: custom(row),
    history: childrenOf(row, "job_status_event").map(statusEvent),
    assignments: childrenOf(row, "assignment").map(assignment),
    items: childrenOf(row, "line_item").map(lineItem),
  }),
};

/** One job in about 500 names its customer by a string instead of a number, as real APIs do. */
function customerRef(row: Row): unknown {
  const oneIn500 = /^\d+$/.test(row.id) && BigInt(row.id) % 500n === 250n;
  return oneIn500 ? (row["customer_id"] ?? null) : idNumber(row["customer_id"]);
}

function statusEvent(event: Child): Wire {
  return {
    id: idNumber(event.id),
    seq: event["seq"],
    from: event["from"],
    to: event["to"],
    date: event["at"],
    employeeId: idNumber(event["by"]),
    memo: event["note"],
  };
}

function assignment(one: Child): Wire {
  return {
    id: idNumber(one.id),
    appointmentId: idNumber(one["appointment_id"]),
    technicianId: idNumber(one["technician_id"]),
    technicianName: one["technician_name"],
    technicianEmail: one["technician_email"],
    role: one["role"],
    hours: one["hours_worked"],
    assignedOn: one["assigned_at"],
    unassignedOn: one["unassigned_at"],
    status: one["status"],
  };
}

function lineItem(line: Child): Wire {
  return {
    id: idNumber(line.id),
    invoiceId: idNumber(line["invoice_id"]),
    order: line["position"],
    type: line["kind"],
    skuCode: line["sku"],
    serviceType: line["service_type"],
    description: line["description"],
    quantity: line["quantity"],
    unit: line["unit"],
    unitPrice: amount(line["unit_price"]),
    cost: amount(line["cost"]),
    tax: amount(line["tax"]),
    total: amount(line["total"]),
    currency: currencyOf(line["unit_price"], line["total"], line["cost"], line["tax"]),
    technicianId: idNumber(line["technician_id"]),
    taxable: line["taxable"],
  };
}

/** A version as the export feed shows it; a deleted one keeps its body and says so. */
export function wireOf(entity: Entity, version: Version): Wire {
  const { row } = version;
  return {
    id: idNumber(row.id),
    ...shapes[entity]?.(row),
    active: version.kind === "alive" && row.active,
    createdOn: row.created_at,
    modifiedOn: row.updated_at,
    deletedOn: row["deleted_at"] ?? null,
    mergedToId: idNumber(row["merged_into_id"]),
  };
}
