import { type Findings, found, type Values } from "./findings.ts";
import { pointOf, positionKinds } from "./place.ts";
import { exceeds, isHard, isHostile } from "./text.ts";

/** Ids beyond what a double holds exactly. */
const exactTo = 2n ** 53n;
/** Names an API name cannot be, or that a query would stumble over. */
const reserved = new Set(["id", "select", "from", "where", "order", "group", "name", "owner"]);

/** A job, by itself; who owns it, where it is and what its properties may be stands elsewhere. */
export function jobFindings(record: Values): Findings {
  const { id, title, description, completed_at: completed, created_at: created } = record;
  const properties = (record["custom"] ?? []) as readonly Property[];
  return found(
    [
      record["customer_id"] === null && "job_without_customer",
      record["location_id"] === null && "job_without_location",
      record["owner_id"] === null && "job_without_owner",
      isHostile(description) && "html_hostile",
      (exceeds(title, 255) || exceeds(description, 32_000)) && "text_long",
      (isHard(title) || isHard(description)) && "text_odd",
      isBefore(completed, created) && "completed_before_created",
      /^\d{16,}$/.test(String(id)) && BigInt(String(id)) > exactTo && "id_long",
      isOddlyNamed(properties) && "property_odd",
      Number(record["assignments_count"]) >= 9 && "large",
      ...positionKinds(record),
    ],
    {
      number: record["number"],
      owner: record["owner_id"],
      location: record["location_id"],
      ...pointOf(record),
    },
    shortened(properties),
  );
}

interface Property {
  readonly key: string;
  readonly label: string | null;
  readonly value: string | null;
  readonly type_guess: string;
}

function isOddlyNamed(properties: readonly Property[]): boolean {
  const labels = properties.flatMap(({ label }) => (label === null ? [] : [label]));
  if (new Set(labels).size < labels.length) return true;
  return properties.some(
    ({ key, label }) => exceeds(label, 255) || reserved.has(key.toLowerCase()),
  );
}

/** What a picklist's option or a number is compared with; `boolean:` marks what was no text. */
function shortened(properties: readonly Property[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { key, value, type_guess } of properties) {
    if (value === null) continue;
    texts[key] = type_guess === "boolean" ? `boolean:${value}` : value.slice(0, 200);
  }
  return texts;
}

function isBefore(later: unknown, earlier: unknown): boolean {
  return typeof later === "number" && typeof earlier === "number" && later < earlier;
}
