import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";

/** What the platform itself adds to the rows of one object. `before` is undefined for an insert. */
export interface ObjectRule {
  /** Read-only fields that this insert may set all the same, given the audit permission. */
  openedByAudit?(org: Org, values: Values): readonly string[];
  complete(org: Org, values: Values, before: Values | undefined, now: string): void;
}

const person: ObjectRule = {
  complete(_org, values) {
    const parts = [values["FirstName"], values["LastName"]].filter(Boolean);
    values["Name"] = parts.join(" ").slice(0, 121);
  },
};

const serviceCase: ObjectRule = {
  // The contract leaves this open (section 14): every status that is closed counts.
  openedByAudit: (org, values) => (isClosedStatus(org, values) ? ["ClosedDate"] : []),
  complete(org, values, before, now) {
    values["Status"] ??= defaultStatus(org);
    values["CaseNumber"] ??= nextCaseNumber(org);
    const closed = isClosedStatus(org, values);
    values["IsClosed"] = closed;
    if (!closed) values["ClosedDate"] = null;
    else values["ClosedDate"] ??= now;
    const contactId = values["ContactId"];
    if (values["AccountId"] === null || values["AccountId"] === undefined) {
      if (typeof contactId === "string" && contactId !== before?.["ContactId"]) {
        const contact = org.rows("Contact").byId(contactId);
        values["AccountId"] = contact?.values["AccountId"] ?? null;
      }
    }
  },
};

const user: ObjectRule = {
  complete(org, values, before, now) {
    person.complete(org, values, before, now);
    values["UserType"] ??= "Standard";
    values["IsActive"] ??= true;
    values["CommunityNickname"] ??= String(values["Username"] ?? "").split("@")[0] ?? "";
    values["TimeZoneSidKey"] ??= "America/New_York";
    values["LocaleSidKey"] ??= "en_US";
    values["LanguageLocaleKey"] ??= "en_US";
    values["EmailEncodingKey"] ??= "UTF-8";
  },
};

const none: ObjectRule = { complete: () => undefined };
const rules: Readonly<Record<string, ObjectRule>> = {
  Contact: person,
  Case: serviceCase,
  User: user,
};

/** The rule of an object. */
export function ruleOf(object: SObject): ObjectRule {
  return rules[object.name] ?? none;
}

function statuses(org: Org): readonly Values[] {
  return [...org.rows("CaseStatus").walk({ withDeleted: false })].map((row) => row.values);
}

/** Closed labels per org, read once: the list of statuses is setup, not data. */
const closedLabels = new WeakMap<Org, ReadonlySet<string>>();

function isClosedStatus(org: Org, values: Values): boolean {
  let closed = closedLabels.get(org);
  if (closed === undefined) {
    const labels = statuses(org).filter((one) => one["IsClosed"] === true);
    closed = new Set(labels.map((one) => String(one["MasterLabel"]).toLowerCase()));
    closedLabels.set(org, closed);
  }
  return closed.has(String(values["Status"] ?? "").toLowerCase());
}

function defaultStatus(org: Org): string {
  const found = statuses(org).find((one) => one["IsDefault"] === true);
  return String(found?.["MasterLabel"] ?? "New");
}

/** Numbers follow the row counter: it is unique, grows, and needs no store of its own. */
const firstCaseNumber = 1_000;
function nextCaseNumber(org: Org): string {
  return String(firstCaseNumber + org.rows("Case").lastCounter()).padStart(8, "0");
}
