import { amount, letters, moment, text } from "../canonical-text.ts";
import { jobOwner, lastTime, position, primaryOf, statuses } from "../job-facts.ts";
import { type Columns, idOf, type ObjectRule, type Parts, type Row } from "../rule.ts";
import { cut, joined, titled, whole } from "./forms.ts";
import { head, keyText } from "./head.ts";
import { misfits, propertyColumns } from "./properties.ts";
import { scheduleColumns } from "./schedule.ts";

/** What the tenant's statuses are called at the destination. */
const statusLabels: Readonly<Record<string, string>> = {
  Pending: "Unassigned",
  Assigned: "Scheduled",
  "En Route": "En Route",
  "In Progress": "In Progress",
  Completed: "Completed",
  Cancelled: "Cancelled",
};
const urgencies = ["emergency", "high", "normal", "low"];
const channels = ["phone", "web", "email", "portal", "referral"];
/** Characters of the longest text a column holds. */
const longestText = 1_048_576;

/** Why a job is refused, if it is. */
export const wrongJob: NonNullable<ObjectRule["wrong"]> = (row) => {
  if (!statuses.includes(String(row["status"]))) {
    return `an unseen status: ${String(row["status"])}`;
  }
  const open = [
    ["urgency", urgencies],
    ["channel", channels],
  ] as const;
  for (const [name, known] of open) {
    const value = text(row[name]);
    if (value !== null && !known.includes(value)) return `an unseen ${name}: ${value}`;
  }
  return String(row["description"] ?? "").length > longestText
    ? "a description too long"
    : undefined;
};

/** Whether the job is over. */
export function isClosed(row: Row): boolean {
  return row["status"] === "Completed" || row["status"] === "Cancelled";
}

/** What an order and an opportunity both say of their job. */
export function jobColumns(row: Row, id: string, parts: Parts): Columns {
  const { lat, lng, asSent } = position(row);
  const primary = primaryOf(row);
  return {
    ...head(row, id, parts),
    ownerid: jobOwner(row, parts),
    qd_sourceowner: keyText("user", row["owner_id"]),
    qd_workorderid: text(row["number"]) ?? id,
    qd_workorderstatus: statusLabels[String(row["status"])] ?? null,
    qd_urgency: titled(row["urgency"]),
    qd_channel: titled(row["channel"]),
    qd_servicetype: text(row["service_type"]),
    qd_closeddate: isClosed(row)
      ? (moment(row["completed_at"]) ?? moment(row["cancelled_at"]))
      : null,
    qd_unassignedat: lastTime(row, "Pending"),
    qd_scheduledat: lastTime(row, "Assigned"),
    qd_enrouteat: lastTime(row, "En Route"),
    qd_inprogressat: lastTime(row, "In Progress"),
    qd_completedat: lastTime(row, "Completed"),
    qd_cancelledat: lastTime(row, "Cancelled"),
    qd_scheduledstart: moment(row["scheduled_start"]),
    qd_scheduledend: moment(row["scheduled_end"]),
    qd_dueon: moment(row["due_at"]),
    qd_startedon: moment(row["started_at"]),
    qd_sourcecompletedon: moment(row["completed_at"]),
    qd_sourcecancelledon: moment(row["cancelled_at"]),
    qd_cancelreason: text(row["cancel_reason"]),
    qd_customerpo: text(row["customer_po"]),
    qd_total: amount(row["total"]),
    qd_currency: text((row["total"] as { currency?: string } | null)?.currency),
    qd_tags: joined(row["tags"]),
    qd_scheduledtechnician: primary === undefined ? null : parts.person("technician", primary),
    ...scheduleColumns(row, id, parts),
    ...siteColumns(row, parts),
    qd_lat: lat,
    qd_long: lng,
    qd_positionassent: asSent,
    ...propertyColumns(row, parts),
    qd_custommisfits: misfits(row, parts),
  };
}

function siteColumns(row: Row, { truth }: Parts): Columns {
  const id = idOf(row["location_id"]);
  const site = truth.service_location.get(String(id));
  const living = site?.deleted === false ? site.row : undefined;
  const part = (name: string) => text(living?.[name]);
  return {
    qd_sitekey: keyText("service_location", id),
    qd_sitelabel: part("label"),
    qd_sitestreet: text([part("line1"), part("line2")].filter(Boolean).join("\n")),
    qd_sitecity: part("city"),
    qd_siteregion: part("region"),
    qd_sitepostalcode: part("postal_code"),
    qd_sitecountry: part("country"),
  };
}

/** A rich description as plain text: word for word where it has no markup, else by its letters. */
export function description(row: Row, column: string, overflow?: string): Columns {
  const written = String(row["description"] ?? "");
  const isRich = /<\/?[a-z]|&\w+;/i.test(written);
  if (!isRich) {
    if (overflow === undefined) return { [column]: text(written) };
    return { [column]: cut(text(written), 2000), [overflow]: whole(text(written), 2000) };
  }
  return { [`${column}#letters`]: letters(written) };
}
