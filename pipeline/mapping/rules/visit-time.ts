import { z } from "zod";
import { storable } from "./datetime.ts";
import { requireType, rule } from "./rule.ts";

interface Visit {
  readonly starts_at: number | null;
  readonly ends_at: number | null;
  readonly window_start: number | null;
  readonly window_end: number | null;
}

/** When the customer may expect somebody. */
export const visitTime = rule({
  name: "visit_time",
  doc: "Start or end of the time window in which a job's visit falls: of its visits the one that starts when the job is planned to, else the first; its window, else its own time, else the job's.",
  example:
    "WindowStart: { visit_time: start, of: appointments, planned: scheduled_start, or: scheduled_start }",
  schema: z.strictObject({
    visit_time: z.enum(["start", "end"]),
    of: z.string(),
    planned: z.string(),
    or: z.string(),
  }),
  compile(spec, site) {
    requireType(site, "datetime");
    const { get } = site.path(spec.of, "list");
    const [planned, other] = [spec.planned, spec.or].map(
      (path) => site.path(path, "datetime").get,
    ) as [(record: object) => number | null, (record: object) => number | null];
    const timeOf =
      spec.visit_time === "start"
        ? (visit: Visit) => visit.window_start ?? visit.starts_at
        : (visit: Visit) => visit.window_end ?? visit.ends_at;
    return {
      read(record) {
        const visits = get(record) as readonly Visit[];
        const start = planned(record);
        const visit = visits.find(({ starts_at: at }) => at !== null && at === start) ?? visits[0];
        const at = (visit && timeOf(visit)) ?? other(record);
        return at === null ? null : storable(at, site.destination);
      },
    };
  },
});
