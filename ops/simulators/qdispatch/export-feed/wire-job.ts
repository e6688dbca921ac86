import { type Child, childrenOf, type Row } from "../truth/row.ts";
import {
  amount,
  coordinate,
  currencyOf,
  custom,
  idNumber,
  list,
  type Wire,
} from "./wire-values.ts";

/** A job with its history, assignments and items inside. */
export function jobWire(row: Row): Wire {
  return {
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
  };
}

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
