import type { Truth, TruthRecord } from "./truth.ts";

/** Entities with a row of their own at the destination. */
export type Loaded = "customer" | "contact" | "job" | "line_item";

type Row = TruthRecord["row"];

/** Why a living record has no row at the destination, by `entity-id`. */
export type Absences = ReadonlyMap<string, string>;

/** Decides which records have a row, and what a reference to a customer stands for after merges. */
export interface Presence {
  /** Undefined where the record has a row, else why not; `deleted` for the dead. */
  why(entity: Loaded, id: string): string | undefined;
  /** The customer a customer id stands for. */
  customer(id: unknown): string | null;
}

const statuses = ["Pending", "Assigned", "En Route", "In Progress", "Completed", "Cancelled"];
const urgencies = ["emergency", "high", "normal", "low"];
const roles = ["site", "billing", "dispatch recipient", "site manager"];
/** Characters of the longest text the destination holds. */
const longestText = 131_072;

/** The rules of the records that never arrive, written down a second time. */
export function presenceIn(truth: Truth): Presence {
  const known = new Map<string, string | undefined>();
  const presence: Presence = {
    customer: (id) => winnerOf(truth, id),
    why(entity, id) {
      const key = `${entity}-${id}`;
      if (!known.has(key)) {
        known.set(key, "refers to itself in a circle");
        known.set(key, reason(truth, presence, entity, id));
      }
      return known.get(key);
    },
  };
  return presence;
}

function reason(truth: Truth, presence: Presence, entity: Loaded, id: string): string | undefined {
  const record = truth[entity].get(id);
  if (record === undefined) return "not at the source";
  if (record.deleted) return "deleted";
  const { row } = record;
  if (!storable(entity, row)) return "a text no encoding holds";
  return wrongValue(entity, row) ?? missingParent(truth, presence, entity, row);
}

/** Lone surrogates and NUL have no place in Avro and at no destination. */
function storable(entity: Loaded, row: Row): boolean {
  const { line_items: _lines, ...own } = row;
  const text = (value: unknown): boolean => {
    if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
    if (value === null || typeof value !== "object") return true;
    return Object.values(value).every(text);
  };
  return text(entity === "job" ? own : row);
}

function wrongValue(entity: Loaded, row: Row): string | undefined {
  if (entity === "customer" && blank(row["name"])) return "a customer without a name";
  if (entity === "contact") {
    const names = [row["last_name"], row["display_name"], row["first_name"]];
    if (names.every(blank)) return "a contact without any name";
    const unknown = ((row["roles"] ?? []) as string[]).find((role) => !roles.includes(role));
    return unknown === undefined ? undefined : `an unseen role: ${unknown}`;
  }
  if (entity !== "job") return undefined;
  if (!statuses.includes(String(row["status"])))
    return `an unseen status: ${String(row["status"])}`;
  if (!blank(row["urgency"]) && !urgencies.includes(String(row["urgency"]))) {
    return `an unseen urgency: ${String(row["urgency"])}`;
  }
  if (String(row["description"] ?? "").length > longestText) return "a description too long";
  return undefined;
}

/** No record loads with a reference emptied; only what the source itself deleted is left out. */
function missingParent(
  truth: Truth,
  presence: Presence,
  entity: Loaded,
  row: Row,
): string | undefined {
  const needs: [Loaded, string | null][] = [];
  if (entity === "customer") needs.push(["customer", presence.customer(row["parent_id"])]);
  else if (entity !== "line_item") {
    needs.push(["customer", presence.customer(row["customer_id"])]);
  }
  if (entity === "job") {
    needs.push(["contact", text(row["contact_id"])], ["job", text(row["parent_job_id"])]);
  }
  if (entity === "line_item") needs.push(["job", text(row["job_id"])]);
  for (const [parent, id] of needs) {
    if (id === null) continue;
    const cleared = clears(entity, parent) && truth[parent].get(id)?.deleted === true;
    const why = cleared ? undefined : presence.why(parent, id);
    if (why !== undefined) return `waits for ${parent} ${id} (${why})`;
  }
  return undefined;
}

/** References that are emptied when the source deleted what they name. */
export function clears(entity: Loaded, parent: Loaded): boolean {
  return entity === parent || (entity === "job" && parent === "contact");
}

function winnerOf(truth: Truth, id: unknown): string | null {
  let at = text(id);
  for (let hops = 0; at !== null && hops < 100; hops++) {
    const record = truth.customer.get(at);
    const winner = record?.deleted === true ? text(record.row["merged_into_id"]) : null;
    if (winner === null) return at;
    at = winner;
  }
  return at;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function blank(value: unknown): boolean {
  return typeof value !== "string" || value.trim() === "";
}
