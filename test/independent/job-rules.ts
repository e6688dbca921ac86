import { amount, moment, number, text } from "./canonical-text.ts";
import {
  certificatesOf,
  jobOf,
  jobOwner,
  jobParents,
  lastTime,
  position,
  skillsOf,
  statuses,
} from "./job-facts.ts";
import { type Columns, type ObjectRule, type Parts, referenceTo, type Row } from "./rule.ts";

const priorities: Readonly<Record<string, string>> = {
  emergency: "High",
  high: "High",
  normal: "Medium",
  low: "Low",
};
/** Characters of the longest text the destination holds. */
const longestText = 131_072;

/** Jobs, their lines, their technicians, and what of a technician stands on its user. */
export const jobRules: readonly ObjectRule[] = [
  {
    object: "Case",
    entity: "job",
    wrong: wrongJob,
    needs: (row, presence) => Object.values(jobParents(row, presence)),
    columns: caseColumns,
  },
  {
    object: "Work_Order_Line_Item__c",
    entity: "line_item",
    needs: (row) => [jobOf(row)],
    columns: (row, id, parts) => ({
      Source_System_ID__c: id,
      Kind__c: text(row["kind"]),
      SKU__c: text(row["sku"]),
      Service_Type__c: text(row["service_type"]),
      Description__c: text(row["description"]),
      Quantity__c: number(row["quantity"]),
      Rate__c: amount(row["unit_price"]),
      Cost__c: amount(row["cost"]),
      Total__c: amount(row["total"]),
      Position__c: number(row["position"]),
      Taxable__c: String(row["taxable"] === true),
      Source_Invoice_ID__c: text(row["invoice_id"]),
      "Case__r.Source_Key__c": referenceTo(parts, jobOf(row)),
    }),
  },
  {
    object: "Job_Technician__c",
    entity: "assignment",
    wrong: ({ role }) =>
      role === null || ["Primary", "Secondary", "Helper"].includes(String(role))
        ? undefined
        : `an unseen role: ${String(role)}`,
    needs: (row) => [jobOf(row)],
    columns: (row, id, parts) => ({
      Source_System_ID__c: id,
      "Case__r.Source_Key__c": referenceTo(parts, jobOf(row)),
      User__c: parts.person("technician", row["technician_id"]),
      Technician_Name__c: text(row["technician_name"]),
      Role__c: text(row["role"]),
      Hours_Worked__c: number(row["hours_worked"]),
      Assigned_At__c: moment(row["assigned_at"]),
    }),
  },
  {
    object: "User",
    entity: "technician",
    takes: (row, parts) => parts.person("technician", row["id"]) !== null,
    columns: (row, id) => ({
      Source_System_ID__c: id,
      Skills__c: skillsOf(row),
      Certifications__c: certificatesOf(row),
      Employee_Number__c: text(row["employee_number"]),
      Hourly_Rate__c: amount(row["hourly_rate"]),
    }),
  },
];

function wrongJob(row: Row): string | undefined {
  if (!statuses.includes(String(row["status"]))) {
    return `an unseen status: ${String(row["status"])}`;
  }
  const urgency = text(row["urgency"]);
  if (urgency !== null && priorities[urgency] === undefined) return `an unseen urgency: ${urgency}`;
  if (String(row["description"] ?? "").length > longestText) return "a description too long";
  return undefined;
}

function caseColumns(row: Row, id: string, parts: Parts): Columns {
  const { customer, contact, job } = jobParents(row, parts.presence);
  const closed = row["status"] === "Completed" || row["status"] === "Cancelled";
  return {
    Source_System_ID__c: id,
    Job_Number__c: text(row["number"]),
    Subject: text(String(row["title"] ?? "").slice(0, 255)),
    Description: description(row["description"]),
    Priority: priorities[String(row["urgency"])] ?? "Medium",
    Work_Order_Status__c: text(row["status"]),
    IsClosed: String(closed),
    Customer_PO__c: text(row["customer_po"]),
    Service_Type__c: text(row["service_type"]),
    Total__c: amount(row["total"]),
    Completed_At__c: lastTime(row, "Completed"),
    Cancelled_At__c: lastTime(row, "Cancelled"),
    Source_Closed_At__c: moment(row["completed_at"]) ?? moment(row["cancelled_at"]),
    Latitude__c: position(row).lat,
    Longitude__c: position(row).lng,
    Position_As_Sent__c: position(row).asSent,
    OwnerId: jobOwner(row, parts),
    "Account.Source_Key__c": referenceTo(parts, customer),
    "Contact.Source_Key__c": referenceTo(parts, contact),
    "Parent.Source_Key__c": referenceTo(parts, job),
  };
}

/** Rich text is another rule's story: only plain, short descriptions are compared. */
function description(value: unknown): string | null | undefined {
  const plain = String(value ?? "");
  return /[<&\r]/.test(plain) || plain.length > 32_000 ? undefined : text(value);
}
