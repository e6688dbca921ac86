import type { Draw } from "./draw.ts";

/** The way of a job to its status, as the dispatchers took it. */
export const statusPaths = [
  { weight: 12, path: ["Pending"] },
  { weight: 12, path: ["Pending", "Assigned"] },
  { weight: 4, path: ["Pending", "Assigned", "En Route"] },
  { weight: 6, path: ["Pending", "Assigned", "In Progress"] },
  { weight: 25, path: ["Pending", "Assigned", "En Route", "In Progress", "Completed"] },
  { weight: 30, path: ["Pending", "Assigned", "Completed"] },
  { weight: 11, path: ["Pending", "Cancelled"] },
] as const;

const groups: Record<string, string> = {
  Pending: "pending",
  Assigned: "scheduled",
  "En Route": "en_route",
  "In Progress": "in_progress",
  Completed: "completed",
  Cancelled: "cancelled",
};

/** What a status means to the tenant; an unseen one means nothing known. */
export function statusGroup(status: string): string {
  return groups[status] ?? "unknown";
}

/** Status strings nobody told the migration of. */
export const unseenStatuses = ["Completed ", "Terminé", "On Hold", "Unassigned"];

/** The statuses a job went through, oldest first. */
export function statusPathOf(of: Draw): readonly string[] {
  let ticket = of.int("status", 100);
  for (const { weight, path } of statusPaths) {
    if (ticket < weight) return path;
    ticket -= weight;
  }
  return statusPaths[0].path;
}

/** What may follow a status; nothing follows Completed and Cancelled. */
export const nextStatuses: Record<string, readonly string[]> = {
  Pending: ["Assigned", "Assigned", "Cancelled"],
  Assigned: ["En Route", "In Progress", "Completed"],
  "En Route": ["In Progress"],
  "In Progress": ["Completed"],
};
