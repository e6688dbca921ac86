import type { Entity } from "../truth/row.ts";

/** The scope each list needs. */
export type Scope = "customers:read" | "jobs:read" | "settings:read";

/** The lists of this dialect. */
export const feeds: Readonly<Record<string, { entity: Entity; scope: Scope }>> = {
  zones: { entity: "zone", scope: "settings:read" },
  users: { entity: "user", scope: "settings:read" },
  technicians: { entity: "technician", scope: "settings:read" },
  locations: { entity: "service_location", scope: "customers:read" },
  customers: { entity: "customer", scope: "customers:read" },
  contacts: { entity: "contact", scope: "customers:read" },
  jobs: { entity: "job", scope: "jobs:read" },
  appointments: { entity: "appointment", scope: "jobs:read" },
  notes: { entity: "note", scope: "jobs:read" },
  attachments: { entity: "attachment", scope: "jobs:read" },
  activities: { entity: "activity", scope: "jobs:read" },
  invoices: { entity: "invoice", scope: "jobs:read" },
  payments: { entity: "payment", scope: "jobs:read" },
  "custom-property-definitions": { entity: "custom_property_def", scope: "settings:read" },
};

/** Rows per page at most; a larger wish is cut without a word. */
const pageCap = 1_000;

/** What an address asks for: a feed, a census, or one record. */
export type Route =
  | { kind: "feed"; feed: string }
  | { kind: "list"; feed: string }
  | { kind: "one"; feed: string; id: string };

/** Reads the path of an address; undefined where it is none of this dialect. */
export function routeOf(path: string): Route | undefined {
  const [first = "", second, third] = path.split("/").slice(1).map(decoded);
  if (third !== undefined) return undefined;
  if (first === "export" && second !== undefined) return { kind: "feed", feed: second };
  return second === undefined
    ? { kind: "list", feed: first }
    : { kind: "one", feed: first, id: second };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray percent sign names nothing, so it ends as 404
  }
}

/** How many rows a page may have. */
export function pageSize(query: URLSearchParams): number {
  const wished = Number(query.get("pageSize") ?? 50);
  return Number.isInteger(wished) && wished > 0 ? Math.min(wished, pageCap) : 50;
}
