import { amount, roles, text } from "./canonical-text.ts";
import { idOf, type Need, type ObjectRule, referenceTo, type Row } from "./rule.ts";
import type { Presence } from "./presence.ts";

const knownRoles = ["site", "billing", "dispatch recipient", "site manager"];

/** Customers, their contacts, and who works for a second customer. */
export const customerRules: readonly ObjectRule[] = [
  {
    object: "Account",
    entity: "customer",
    wrong: (row) => (text(row["name"]) === null ? "a customer without a name" : undefined),
    needs: (row, presence) => [parentOf(row, presence)],
    columns: (row, id, parts) => ({
      Source_System_ID__c: id,
      Name: text(row["name"]),
      AccountNumber: text(row["account_number"]),
      Phone: text(row["phone"]),
      Website: text(row["website"]),
      Email__c: text(row["email"]),
      Credit_Status__c: text(row["credit_status"]),
      Balance__c: amount(row["balance"]),
      Credit_Limit__c: amount(row["credit_limit"]),
      "Parent.Source_Key__c": referenceTo(parts, parentOf(row, parts.presence)),
    }),
  },
  {
    object: "Contact",
    entity: "contact",
    wrong: wrongContact,
    needs: (row, presence) => [{ entity: "customer", id: presence.customer(row["customer_id"]) }],
    columns: (row, id, parts) => ({
      Source_System_ID__c: id,
      ...names(row),
      Email: text(((row["emails"] ?? []) as { value: string }[])[0]?.value),
      MobilePhone: mobileOf(row),
      Title: text(row["title"]),
      Contact_Role__c: roles((row["roles"] ?? []) as string[]),
      Is_Primary_Contact__c: String(row["is_primary"] === true),
      "Account.Source_Key__c": referenceTo(parts, {
        entity: "customer",
        id: parts.presence.customer(row["customer_id"]),
      }),
    }),
  },
  {
    object: "AccountContactRelation",
    entity: "contact_link",
    takes: (row, { truth, presence }) => {
      const own = truth.contact.get(String(row["contact_id"]))?.row["customer_id"];
      return presence.customer(row["customer_id"]) !== presence.customer(own);
    },
    wrong: (row) => unseenRole(row["role"] === null ? [] : [String(row["role"])]),
    needs: (row, presence) => [
      { entity: "contact", id: idOf(row["contact_id"]) },
      { entity: "customer", id: presence.customer(row["customer_id"]) },
    ],
    columns: (row, id, parts) => ({
      Source_System_ID__c: id,
      "Contact.Source_Key__c": referenceTo(parts, {
        entity: "contact",
        id: idOf(row["contact_id"]),
      }),
      "Account.Source_Key__c": referenceTo(parts, {
        entity: "customer",
        id: parts.presence.customer(row["customer_id"]),
      }),
      Roles: roles(row["role"] === null ? [] : [String(row["role"])]),
      IsActive: "true",
    }),
  },
];

/** The head office of a branch. */
export function parentOf(row: Row, presence: Presence): Need {
  return { entity: "customer", id: presence.customer(row["parent_id"]), clears: true };
}

/** Why a contact is refused, if it is. */
export function wrongContact(row: Row): string | undefined {
  const given = [row["last_name"], row["display_name"], row["first_name"]];
  if (given.every((name) => text(name) === null)) return "a contact without any name";
  return unseenRole((row["roles"] ?? []) as string[]);
}

/** The first role nobody has confirmed. */
export function unseenRole(values: readonly string[]): string | undefined {
  const unknown = values.find((role) => !knownRoles.includes(role));
  return unknown === undefined ? undefined : `an unseen role: ${unknown}`;
}

/** First and last name, a single word being the last. */
export function names(row: Row): Record<"FirstName" | "LastName", string | null> {
  const [first, last, shown] = ["first_name", "last_name", "display_name"].map((name) =>
    text(row[name]),
  );
  if (last) return { FirstName: first ?? null, LastName: last };
  const words = (shown ?? first ?? "").split(" ");
  return { FirstName: words.slice(0, -1).join(" ") || null, LastName: words.at(-1) ?? null };
}

/** The first mobile number. */
export function mobileOf(row: Row): string | null {
  const phones = (row["phones"] ?? []) as { value: string; kind: string | null }[];
  return text(phones.find(({ kind }) => kind === "mobile")?.value);
}
