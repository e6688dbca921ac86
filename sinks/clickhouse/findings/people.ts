import { type Findings, found, type Values } from "./findings.ts";

/** A technician's e-mail: missing, untidy, or (together with others) shared. */
export function technicianFindings({ email }: Values): Findings {
  const emails = addresses([email]);
  return found([emails.length === 0 && "email_missing", ...untidy(emails)], {
    emails: emails.map(tidy).join("\n"),
  });
}

/** A contact's e-mails, and whether its customer was merged into another. */
export function contactFindings(record: Values): Findings {
  const list = (record["emails"] ?? []) as readonly { readonly value: string }[];
  const emails = addresses(list.map(({ value }) => value));
  const customer = record["customer_id"];
  const named = customerAsSent(String(record["raw"]));
  const isMoved = named !== undefined && typeof customer === "string" && named !== customer;
  return found([...untidy(emails), isMoved && "contact_of_merged"], {
    customer,
    emails: emails.map(tidy).join("\n"),
  });
}

function untidy(emails: readonly string[]): readonly string[] {
  const odd = emails.some((email) => email !== tidy(email) || email.includes("+"));
  return odd ? ["email_untidy"] : [];
}

function addresses(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === "string" && value.trim() !== "") as string[];
}

function tidy(email: string): string {
  return email.trim().toLowerCase();
}

/** The customer a contact named before merges were resolved, in whichever dialect. */
function customerAsSent(raw: string): string | undefined {
  const [, text, number] = /"customer_?id"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+))/i.exec(raw) ?? [];
  return text ?? number;
}
