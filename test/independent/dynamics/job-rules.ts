import { amount, moment, text } from "../canonical-text.ts";
import { jobParents } from "../job-facts.ts";
import { type Columns, type ObjectRule, type Parts, referenceTo, type Row } from "../rule.ts";
import { billsJson, crewJson } from "./job-json.ts";
import { cut, whole } from "./forms.ts";
import { description, isClosed, jobColumns, wrongJob } from "./job-columns.ts";
import { localDay } from "./schedule.ts";

/** Work orders in the table made for them. */
export const orderRule: ObjectRule = {
  object: "qd_serviceorder",
  entity: "job",
  wrong: wrongJob,
  needs: (row, presence) => Object.values(jobParents(row, presence)),
  columns(row, id, parts) {
    const { customer, contact, job } = jobParents(row, parts.presence);
    return {
      ...jobColumns(row, id, parts),
      qd_name: cut(titleOf(row, id), 100),
      qd_fulltitle: whole(titleOf(row, id), 100),
      ...description(row, "qd_description"),
      qd_account: referenceTo(parts, customer),
      qd_contact: referenceTo(parts, contact),
      qd_parentorder: referenceTo(parts, job),
    };
  },
};

const probabilities: Readonly<Record<string, readonly [chance: string, forecast: string]>> = {
  Pending: ["20", "Pipeline"],
  Assigned: ["50", "Best case"],
  "En Route": ["80", "Committed"],
  "In Progress": ["90", "Committed"],
  Completed: ["100", "Won"],
  Cancelled: ["0", "Lost"],
};

/** Work orders as opportunities, won or lost once they are over. */
export const opportunityRule: ObjectRule = {
  object: "opportunity",
  entity: "job",
  wrong: wrongJob,
  needs: (row, presence) => Object.values(jobParents(row, presence)),
  columns: opportunityColumns,
};

function opportunityColumns(row: Row, id: string, parts: Parts): Columns {
  const { customer, contact, job } = jobParents(row, parts.presence);
  const [chance, forecast] = probabilities[String(row["status"])] ?? [null, null];
  return {
    ...jobColumns(row, id, parts),
    name: cut(titleOf(row, id), 300),
    qd_fulltitle: whole(titleOf(row, id), 300),
    ...description(row, "description", "qd_fulldescription"),
    customerid: referenceTo(parts, customer),
    parentaccountid: referenceTo(parts, customer),
    parentcontactid: referenceTo(parts, contact),
    qd_parentopportunity: referenceTo(parts, job),
    estimatedvalue: amount(row["total"]),
    isrevenuesystemcalculated: "false",
    estimatedclosedate: localDay(row["due_at"] ?? row["scheduled_end"] ?? row["scheduled_start"]),
    closeprobability: chance,
    msdyn_forecastcategory: forecast,
    statecode: stateOf(row),
    actualclosedate: isClosed(row) ? (endOf(row)?.slice(0, 10) ?? undefined) : null,
    actualvalue: row["status"] === "Completed" ? amount(row["total"]) : null,
    qd_crew: crewJson(row),
    qd_invoices: billsJson(id, parts),
  };
}

/** How each closed opportunity was closed, once. */
export const closeRule: ObjectRule = {
  object: "opportunityclose",
  entity: "job",
  takes: isClosed,
  wrong: wrongJob,
  needs: (row) => [{ entity: "job", id: String(row["id"]) }],
  columns: (row, id) => ({
    opportunityid: `job-${id}`,
    subject: `Work order ${String(row["status"]).toLowerCase()}`,
    opportunitystatecode: stateOf(row),
    actualend: endOf(row),
    actualrevenue: row["status"] === "Completed" ? amount(row["total"]) : null,
    statecode: "Completed",
  }),
};

function titleOf(row: Row, id: string): string {
  return text(row["title"]) ?? text(row["number"]) ?? id;
}

function stateOf(row: Row): string {
  if (row["status"] === "Completed") return "Won";
  return row["status"] === "Cancelled" ? "Lost" : "Open";
}

function endOf(row: Row): string | null {
  const times = [row["completed_at"], row["cancelled_at"], row["updated_at"], row["created_at"]];
  return moment(times.find((at) => typeof at === "string"));
}
