import { amount, moment, number, text } from "../canonical-text.ts";
import { jobOf } from "../job-facts.ts";
import { type Columns, type ObjectRule, type Parts, referenceTo, type Row } from "../rule.ts";
import { cut, whole } from "./forms.ts";
import { head, keyText } from "./head.ts";

const fields = ["description", "service_type", "sku", "kind"];

/** Lines of a job in the table made for them. */
export const lineRule: ObjectRule = {
  object: "qd_serviceline",
  entity: "line_item",
  needs: (row) => [jobOf(row)],
  columns: (row, id, parts) => ({
    ...lineColumns(row, id, parts),
    qd_name: first(row, ["service_type", "sku", "kind"]) ?? id,
    qd_serviceorder: referenceTo(parts, jobOf(row)),
    qd_position: number(row["position"]),
    qd_description: text(row["description"]),
    qd_quantity: number(row["quantity"]),
    qd_unitprice: amount(row["unit_price"]),
    qd_tax: amount(row["tax"]),
  }),
};

/** Lines of a job as write-in products of its opportunity. */
export const productRule: ObjectRule = {
  object: "opportunityproduct",
  entity: "line_item",
  needs: (row) => [jobOf(row)],
  columns(row, id, parts) {
    const described = first(row, fields) ?? id;
    return {
      ...lineColumns(row, id, parts),
      opportunityid: referenceTo(parts, jobOf(row)),
      isproductoverridden: "true",
      productdescription: cut(described, 500),
      qd_fulldescription: whole(described, 500),
      quantity: number(row["quantity"]),
      priceperunit: amount(row["unit_price"]),
      tax: amount(row["tax"]),
      lineitemnumber: number(row["position"]),
    };
  },
};

/** Who works on a job, a row each. */
export const crewRule: ObjectRule = {
  object: "qd_jobtechnician",
  entity: "assignment",
  wrong: ({ role }) =>
    role === null || ["Primary", "Secondary", "Helper"].includes(String(role))
      ? undefined
      : `an unseen role: ${String(role)}`,
  needs: (row) => [jobOf(row)],
  columns: (row, id, parts) => ({
    ...head(row, id, parts),
    qd_name: first(row, ["technician_name", "technician_email"]) ?? id,
    qd_serviceorder: referenceTo(parts, jobOf(row)),
    qd_user: parts.person("technician", row["technician_id"]),
    qd_techniciankey: keyText("technician", row["technician_id"]),
    qd_technicianname: text(row["technician_name"]),
    qd_technicianemail: text(row["technician_email"]),
    qd_role: text(row["role"]),
    qd_hoursworked: number(row["hours_worked"]),
    qd_assignedon: moment(row["assigned_at"]),
    qd_unassignedon: moment(row["unassigned_at"]),
    qd_assignmentstatus: text(row["status"]),
    qd_sourceappointmentid: text(row["appointment_id"]),
  }),
};

function lineColumns(row: Row, id: string, parts: Parts): Columns {
  return {
    ...head(row, id, parts),
    qd_kind: text(row["kind"]),
    qd_sku: text(row["sku"]),
    qd_servicetype: text(row["service_type"]),
    qd_unit: text(row["unit"]),
    qd_cost: amount(row["cost"]),
    qd_total: amount(row["total"]),
    qd_currency: text((row["total"] as { currency?: string } | null)?.currency),
    qd_taxable: String(row["taxable"] === true),
    qd_techniciankey: keyText("technician", row["technician_id"]),
    qd_sourceinvoiceid: text(row["invoice_id"]),
  };
}

function first(row: Row, names: readonly string[]): string | null {
  return names.map((name) => text(row[name])).find((value) => value !== null) ?? null;
}
