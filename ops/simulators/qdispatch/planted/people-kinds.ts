import { childrenOf, type Row } from "../truth/row.ts";
import { type Finds, sharing } from "./finds.ts";

/** Looks at technicians or contacts for shared, untidy and missing e-mail addresses. */
export function emailKinds(finds: Finds, entity: "technician" | "contact") {
  const groups = sharing();
  return {
    look(row: Row): void {
      const emails = addressesOf(row);
      if (emails.length === 0 && entity === "technician")
        finds.note("email_missing", entity, row.id);
      for (const email of emails) {
        groups.add(tidy(email), row.id);
        if (email !== tidy(email) || tidy(email).includes("+"))
          finds.note("email_untidy", entity, row.id);
      }
    },
    end(): void {
      for (const id of groups.shared()) finds.note("email_shared", entity, id);
    },
  };
}

function addressesOf(row: Row): string[] {
  const list = (row["emails"] as { value: string }[] | undefined)?.map(({ value }) => value);
  const one = typeof row["email"] === "string" ? [row["email"]] : [];
  return (list ?? one).filter((email) => email.trim() !== "");
}

function tidy(email: string): string {
  return email.trim().toLowerCase();
}

/** Looks at a contact for a customer that was merged, and for many customers. */
export function contactKinds(finds: Finds, merged: ReadonlySet<string>, row: Row): void {
  if (merged.has(String(row["customer_id"]))) finds.note("contact_of_merged", "contact", row.id);
  const linked = childrenOf(row, "contact_link").map((link) => link["customer_id"]);
  if (new Set([row["customer_id"], ...linked]).size >= 6) finds.note("large", "contact", row.id);
}
