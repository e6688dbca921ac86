import { insertSetup } from "./dml/setup-rows.ts";
import type { Org } from "./org.ts";

/** Label, and whether it is the default; the last words of a line say what else is true of it. */
const lists = {
  CaseStatus: ["New default", "Working", "Escalated", "Closed IsClosed"],
  TaskStatus: [
    "Not Started default",
    "In Progress",
    "Completed IsClosed",
    "Waiting on someone else",
    "Deferred",
  ],
  TaskPriority: ["High IsHighPriority", "Normal default", "Low"],
} as const;

/** Fills the picklists that are rows: statuses of cases and tasks, priorities of tasks. */
export function seedPicklists(org: Org): void {
  for (const [object, lines] of Object.entries(lists)) {
    for (const [at, line] of lines.entries()) {
      const [, label = line, mark] =
        /^(.*?)(?: (default|IsClosed|IsHighPriority))?$/.exec(line) ?? [];
      insertSetup(org, object, {
        MasterLabel: label,
        ApiName: label,
        SortOrder: at + 1,
        IsDefault: mark === "default",
        [object === "TaskPriority" ? "IsHighPriority" : "IsClosed"]:
          mark?.startsWith("Is") === true,
      });
    }
  }
}
