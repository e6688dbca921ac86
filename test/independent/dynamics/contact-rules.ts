import { amount, text } from "../canonical-text.ts";
import { mobileOf, names, unseenRole, wrongContact } from "../customer-rules.ts";
import { certificatesOf, skillsOf } from "../job-facts.ts";
import {
  type Columns,
  idOf,
  type Need,
  type ObjectRule,
  type Parts,
  referenceTo,
  type Row,
} from "../rule.ts";
import type { Presence } from "../presence.ts";
import { cut, joined, whole } from "./forms.ts";
import { head, keyText } from "./head.ts";

const labels: Readonly<Record<string, string>> = {
  site: "Site",
  billing: "Billing",
  "dispatch recipient": "Dispatch Recipient",
  "site manager": "Site Manager",
};

/** Contacts, a copy of each for every further customer, and technicians, who are users. */
export const contactRules: readonly ObjectRule[] = [
  {
    object: "contact",
    entity: "contact",
    wrong: wrongContact,
    needs: (row, presence) => [customerOf(row, presence)],
    columns: (row, id, parts) => ({
      ...head(row, id, parts),
      ...personColumns(row),
      parentcustomerid: referenceTo(parts, customerOf(row, parts.presence)),
      qd_contacttype: rolesOf((row["roles"] ?? []) as string[]),
      qd_isprimarycontact: String(row["is_primary"] === true),
      qd_donotcontact: String(row["do_not_contact"] === true),
      qd_sitekey: keyText("service_location", row["location_id"]),
      qd_copyofkey: null,
    }),
  },
  {
    object: "contact",
    entity: "contact_link",
    takes: (row, { truth, presence }) =>
      presence.customer(row["customer_id"]) !==
      presence.customer(truth.contact.get(String(row["contact_id"]))?.row["customer_id"]),
    wrong: (row) => unseenRole(roleOf(row)),
    needs: (row, presence) => [customerOf(row, presence)],
    columns: (row, id, parts) => ({
      // A link has no times of its own: it came and changed with its contact.
      ...head({ ...row, ...times(contactOf(row, parts)) }, id, parts),
      ...personColumns(contactOf(row, parts)),
      parentcustomerid: referenceTo(parts, customerOf(row, parts.presence)),
      qd_contacttype: rolesOf(roleOf(row)),
      qd_isprimarycontact: String(row["is_primary"] === true),
      qd_copyofkey: keyText("contact", row["contact_id"]),
    }),
  },
  {
    object: "systemuser",
    entity: "technician",
    takes: (row, parts) => parts.person("technician", row["id"]) !== null,
    columns: (row, id, parts) => ({
      ...head(row, id, parts),
      // The environment's admin made the user, not the migration.
      createdon: undefined,
      createdby: undefined,
      internalemailaddress: parts.person("technician", id),
      qd_employeenumber: text(row["employee_number"]),
      qd_skills: skillsOf(row),
      qd_certifications: certificatesOf(row),
      qd_zoneids: joined(row["zone_ids"]),
      qd_hourlyrate: amount(row["hourly_rate"]),
      qd_hourlyratecurrency: text((row["hourly_rate"] as { currency?: string } | null)?.currency),
      qd_homelocation: text(row["home_location"]),
      qd_sourceuserkey: keyText("user", row["user_id"]),
    }),
  },
];

function contactOf(row: Row, { truth }: Parts): Row {
  return truth.contact.get(String(row["contact_id"]))?.row ?? {};
}

function times(row: Row): Row {
  return { created_at: row["created_at"], updated_at: row["updated_at"] };
}

function customerOf(row: Row, presence: Presence): Need {
  return { entity: "customer", id: presence.customer(row["customer_id"]) };
}

function roleOf(row: Row): string[] {
  const role = idOf(row["role"]);
  return role === null ? [] : [role];
}

function rolesOf(roles: readonly string[]): string | null {
  return text([...new Set(roles.map((role) => labels[role] ?? role))].sort().join(";"));
}

function personColumns(row: Row): Columns {
  const { FirstName, LastName } = names(row);
  const values = (name: string) => ((row[name] ?? []) as { value: string }[]).length;
  const phones = (row["phones"] ?? []) as { value: string; kind: string | null }[];
  return {
    firstname: FirstName,
    lastname: LastName,
    qd_displayname: text(row["display_name"]),
    emailaddress1: text(((row["emails"] ?? []) as { value: string }[])[0]?.value),
    // The wording of several in one text is the product's own.
    qd_otheremails: values("emails") > 1 ? undefined : null,
    telephone1: text(phones.find(({ kind }) => kind !== "mobile")?.value),
    mobilephone: mobileOf(row),
    qd_otherphones: phones.length > 1 ? undefined : null,
    jobtitle: cut(text(row["title"]), 100),
    qd_fulljobtitle: whole(text(row["title"]), 100),
  };
}
