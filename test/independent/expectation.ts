import { amount, comparableEmail, number, roles, seconds, text } from "./canonical-text.ts";
import { clears, type Loaded, type Presence, presenceIn } from "./presence.ts";
import type { Truth, TruthRecord } from "./truth.ts";

/** SOQL path → what it must return, as text; a path that is absent is not compared. */
export type ExpectedRow = Readonly<Record<string, string | null>>;

/** What the destination must hold. */
export interface Expectation {
  /** Object → source key → row. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, ExpectedRow>>;
  /** Living source records without a row: source key → why. */
  readonly absent: ReadonlyMap<string, string>;
}

type Row = TruthRecord["row"];
type Columns = Record<string, string | null | undefined>;

interface Parts {
  readonly truth: Truth;
  readonly presence: Presence;
  /** Whether the org has a user with this e-mail. */
  isUser(email: string): boolean;
}

/** Where the owner of rows without a matched owner is named. */
export const ownerColumn = "OwnerId";
const fallbackOwner = "fallback.owner@rehearsal.example";

const objects: Readonly<
  Record<Loaded, readonly [string, (row: Row, id: string, parts: Parts) => Columns]>
> = {
  customer: ["Account", account],
  contact: ["Contact", contact],
  job: ["Case", caseRow],
  line_item: ["Work_Order_Line_Item__c", line],
};

/** What SOQL must return for a truth: a small mapping of its own that shares no code with the product's. */
export function expected(truth: Truth, userEmails: ReadonlySet<string>): Expectation {
  const presence = presenceIn(truth);
  const parts: Parts = { truth, presence, isUser: (email) => userEmails.has(email) };
  const rows = new Map<string, Map<string, ExpectedRow>>();
  const absent = new Map<string, string>();
  for (const [entity, [object, make]] of Object.entries(objects) as [
    Loaded,
    (typeof objects)[Loaded],
  ][]) {
    const made = new Map<string, ExpectedRow>();
    rows.set(object, made);
    for (const [id, record] of truth[entity]) {
      const why = presence.why(entity, id);
      if (why === undefined) made.set(keyOf(entity, id), defined(make(record.row, id, parts)));
      else if (why !== "deleted") absent.set(keyOf(entity, id), why);
    }
  }
  return { rows, absent };
}

function account(row: Row, id: string, parts: Parts): Columns {
  return {
    Source_System_ID__c: id,
    Name: text(row["name"]),
    AccountNumber: text(row["account_number"]),
    Phone: text(row["phone"]),
    Website: text(row["website"]),
    Email__c: text(row["email"]),
    Credit_Status__c: text(row["credit_status"]),
    Balance__c: amount(row["balance"]),
    Credit_Limit__c: amount(row["credit_limit"]),
    "Parent.Source_Key__c": reference(
      parts,
      ["customer", "customer"],
      parts.presence.customer(row["parent_id"]),
    ),
  };
}

function contact(row: Row, id: string, parts: Parts): Columns {
  const mobile = ((row["phones"] ?? []) as { value: string; kind: string | null }[]).find(
    ({ kind }) => kind === "mobile",
  );
  return {
    Source_System_ID__c: id,
    ...names(row),
    Email: text(((row["emails"] ?? []) as { value: string }[])[0]?.value),
    MobilePhone: text(mobile?.value),
    Title: text(row["title"]),
    Contact_Role__c: roles((row["roles"] ?? []) as string[]),
    Is_Primary_Contact__c: String(row["is_primary"] === true),
    "Account.Source_Key__c": reference(
      parts,
      ["contact", "customer"],
      parts.presence.customer(row["customer_id"]),
    ),
  };
}

function names(row: Row): Columns {
  const [first, last, shown] = ["first_name", "last_name", "display_name"].map((name) =>
    text(row[name]),
  );
  if (last) return { FirstName: first, LastName: last };
  const words = (shown ?? first ?? "").split(" ");
  return { FirstName: words.slice(0, -1).join(" ") || null, LastName: words.at(-1) };
}

function caseRow(row: Row, id: string, parts: Parts): Columns {
  const priorities: Record<string, string> = { emergency: "High", high: "High", low: "Low" };
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
    [ownerColumn]: ownerOf(row, parts),
    "Account.Source_Key__c": reference(
      parts,
      ["job", "customer"],
      parts.presence.customer(row["customer_id"]),
    ),
    "Contact.Source_Key__c": reference(parts, ["job", "contact"], row["contact_id"]),
    "Parent.Source_Key__c": reference(parts, ["job", "job"], row["parent_job_id"]),
  };
}

function line(row: Row, id: string): Columns {
  return {
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
    "Case__r.Source_Key__c": keyOf("job", String(row["job_id"])),
  };
}

/** The e-mail of who owns a job's row; undefined where the source's own word is not enough to tell. */
function ownerOf(row: Row, { truth, ...parts }: Parts): string | undefined {
  const assignments = (row["assignments"] ?? []) as { role?: string; technician_id?: string }[];
  const technician = assignments.find(({ role }) => role === "Primary")?.technician_id;
  const person = technician
    ? truth.technician.get(technician)
    : truth.user.get(String(row["owner_id"] ?? ""));
  if (person?.deleted === true) return undefined;
  const email = comparableEmail(person?.row["email"]);
  return parts.isUser(email) ? email : fallbackOwner;
}

/** Rich text is another rule's story: only plain, short descriptions are compared. */
function description(value: unknown): string | null | undefined {
  const plain = String(value ?? "");
  return /[<&\r]/.test(plain) || plain.length > 32_000 ? undefined : text(value);
}

function lastTime(row: Row, status: string): string | null {
  const times = ((row["status_events"] ?? []) as { to: string; at: string }[])
    .filter(({ to }) => to === status)
    .map(({ at }) => Date.parse(at));
  return times.length === 0 ? null : seconds(Math.max(...times));
}

function reference(
  { truth }: Parts,
  [entity, parent]: readonly [Loaded, Loaded],
  id: unknown,
): string | null {
  if (typeof id !== "string" || id === "") return null;
  const cleared = clears(entity, parent) && truth[parent].get(id)?.deleted === true;
  return cleared ? null : keyOf(parent, id);
}

function keyOf(entity: Loaded, id: string): string {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(id)) throw new Error(`The check knows plain ids only: ${id}`);
  return `${entity}-${id}`;
}

function defined(columns: Columns): ExpectedRow {
  return Object.fromEntries(
    Object.entries(columns).filter(
      (entry): entry is [string, string | null] => entry[1] !== undefined,
    ),
  );
}
