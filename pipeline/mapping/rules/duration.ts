import { z } from "zod";
import { Fault, requireType, rule } from "./rule.ts";

/** How long something took. */
export const duration = rule({
  name: "duration",
  doc: "Whole seconds: as the source says, else from begin to end. An end before the begin is rejected as TIME_IMPOSSIBLE.",
  example: "Seconds: { duration: duration_s, from: started_at, to: ended_at }",
  schema: z.strictObject({ duration: z.string(), from: z.string(), to: z.string() }),
  compile(spec, site) {
    requireType(site, "int");
    const seconds = site.path(spec.duration, "int").get;
    const [from, to] = [site.path(spec.from, "datetime").get, site.path(spec.to, "datetime").get];
    return {
      read(record) {
        const [start, end] = [from(record) as number | null, to(record) as number | null];
        const said = seconds(record) as number | null;
        const length = said ?? (start === null || end === null ? null : (end - start) / 1000);
        if (length === null) return null;
        return length < 0 ? endsBeforeItBegins : Math.floor(length);
      },
    };
  },
});

const endsBeforeItBegins = new Fault(
  "TIME_IMPOSSIBLE",
  "is less than nothing: correct begin and end at the source.",
);
