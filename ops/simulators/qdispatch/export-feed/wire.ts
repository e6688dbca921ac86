import type { Version } from "../truth/ledger.ts";
import { childrenOf, type Entity, type Row } from "../truth/row.ts";
import { invoiceWire, paymentWire } from "./wire-bill.ts";
import { jobWire } from "./wire-job.ts";
import { attachmentWire, noteWire } from "./wire-note.ts";
import { activityWire, appointmentWire } from "./wire-visit.ts";
import {
  amount,
  coordinate,
  currencyOf,
  custom,
  idNumber,
  ids,
  list,
  type Wire,
} from "./wire-values.ts";

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
    links: childrenOf(row, "contact_link").map((link) => ({
      id: idNumber(link.id),
      customerId: idNumber(link["customer_id"]),
      role: link["role"],
      isPrimary: link["is_primary"],
    })),
    createdById: idNumber(row["created_by"]),
    customFields: custom(row),
  }),
  job: jobWire,
  appointment: appointmentWire,
  note: noteWire,
  activity: activityWire,
  invoice: invoiceWire,
  payment: paymentWire,
  custom_property_def: (row) => ({
    entity: row["entity"],
    name: row["key"],
    label: row["label"],
    dataType: row["type"],
    options: list(row["options"]),
    required: row["required"],
    inferred: row["inferred"],
  }),
};

/** Gives a file's row an address for the one who asks; `listed` says whether it is one of many or was asked for by id. */
export type Sign = (row: Row, listed: boolean) => { url: string; expires: string | null } | null;

/** A version as the export feed shows it; a deleted one keeps its body and says so. */
export function wireOf(
  entity: Entity,
  version: Version,
  { sign, listed }: { sign: Sign; listed: boolean },
): Wire {
  const { row } = version;
  const shape =
    entity === "attachment" ? attachmentWire(row, sign(row, listed)) : shapes[entity]?.(row);
  return {
    id: idNumber(row.id),
    ...shape,
    active: version.kind === "alive" && row.active,
    createdOn: row.created_at,
    modifiedOn: row.updated_at,
    deletedOn: row["deleted_at"] ?? null,
    mergedToId: idNumber(row["merged_into_id"]),
  };
}
