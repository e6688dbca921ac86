import type { Row } from "../truth/row.ts";
import type { Draw } from "./draw.ts";
import { iso } from "./world.ts";

const hour = 3_600_000;

/** When a job took each step of its way, and the job's own times that follow from it; completed early = before it was created, by another clock. */
export function timesOf(
  of: Draw,
  created: number,
  path: readonly string[],
  completedEarly: boolean,
): { events: number[]; fields: Partial<Row> } {
  const events = path.map(
    (_, nth) => created + nth * (1 + of.int("pace", 20)) * hour + of.int("ms", 60_000) * nth,
  );
  const at = (status: string): string | null => {
    const nth = path.indexOf(status);
    return nth < 0 ? null : iso(events[nth] ?? created);
  };
  const start = path.length < 2 ? null : created + (24 + of.int("wait", 200)) * hour;
  let completed = at("Completed");
  if (completedEarly && completed !== null) {
    completed = iso(created - 1_000 * (1 + of.int("skew", 40)));
    events[events.length - 1] = Date.parse(completed);
  }
  const fields = {
    scheduled_start: start === null ? null : iso(start),
    scheduled_end: start === null ? null : iso(start + 2 * hour),
    due_at: iso(created + 240 * hour),
    started_at: at("In Progress"),
    completed_at: completed,
    cancelled_at: at("Cancelled"),
  };
  return { events, fields };
}
