import { number, seconds, text } from "./canonical-text.ts";
import type { Presence } from "./presence.ts";
import { idOf, type Need, ownerOf, type Parts, type Row } from "./rule.ts";

/** The statuses the tenant has confirmed. */
export const statuses = [
  "Pending",
  "Assigned",
  "En Route",
  "In Progress",
  "Completed",
  "Cancelled",
];

/** The job a child belongs to. */
export function jobOf(row: Row): Need {
  return { entity: "job", id: idOf(row["job_id"]) };
}

/** Whom and what a job refers to. */
export function jobParents(
  row: Row,
  presence: Presence,
): Record<"customer" | "contact" | "job", Need> {
  return {
    customer: { entity: "customer", id: presence.customer(row["customer_id"]) },
    contact: { entity: "contact", id: idOf(row["contact_id"]), clears: true },
    job: { entity: "job", id: idOf(row["parent_job_id"]), clears: true },
  };
}

/** Where a geocoder puts what it does not find. */
const nowhere: readonly (readonly [number, number])[] = [
  [0, 0],
  [42.3594, -71.0587],
];

/** A place in North America, where the tenant works, or what was sent instead of one. */
export function position(row: Row): Record<"lat" | "lng" | "asSent", string | null> {
  const [lat, lng] = [row["lat"], row["lng"]];
  const [y, x] = [Number(lat ?? Number.NaN), Number(lng ?? Number.NaN)];
  const inside = y > 15 && y < 72 && x > -170 && x < -50;
  const isPlace = inside && !nowhere.some(([north, east]) => north === y && east === x);
  const isSent = typeof lat === "string" || typeof lng === "string";
  return {
    lat: isPlace ? number(lat) : null,
    lng: isPlace ? number(lng) : null,
    asSent: isPlace || !isSent ? null : `${String(lat ?? "")}, ${String(lng ?? "")}`,
  };
}

/** Who owns a job: its primary technician, else who looks after it in the office. */
export function jobOwner(row: Row, parts: Parts): string | undefined {
  const technician = primaryOf(row);
  return technician
    ? ownerOf(parts, "technician", technician)
    : ownerOf(parts, "user", row["owner_id"]);
}

/** The technician whose assignment says Primary. */
export function primaryOf(row: Row): string | undefined {
  const assignments = (row["assignments"] ?? []) as { role?: string; technician_id?: string }[];
  return assignments.find(({ role }) => role === "Primary")?.technician_id;
}

/** When a status was entered for the last time. */
export function lastTime(row: Row, status: string): string | null {
  const times = ((row["status_events"] ?? []) as { to: string; at: string }[])
    .filter(({ to }) => to === status)
    .map(({ at }) => Date.parse(at));
  return times.length === 0 ? null : seconds(Math.max(...times));
}

interface Skill {
  readonly name: string;
  readonly certified_until: string | null;
}

/** A technician's skills, one text. */
export function skillsOf(row: Row): string | null {
  return text(((row["skills"] ?? []) as Skill[]).map(({ name }) => name).join("; "));
}

/** Those with a certificate, and how long it holds. */
export function certificatesOf(row: Row): string | null {
  const dated = ((row["skills"] ?? []) as Skill[]).filter((skill) => skill.certified_until);
  return text(dated.map((skill) => `${skill.name} (until ${skill.certified_until})`).join("\n"));
}
