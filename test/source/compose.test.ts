import { expect, test } from "vitest";
import { jobSets } from "../../pipeline/source/compose.ts";

const noTimes = { starts_at: null, window_start: null, all_day_date: null };

/** Ids of a job's visits in the order its columns count them. */
function ordered(...visits: readonly object[]): readonly string[] {
  const sets = jobSets((entity) => (entity === "appointment" ? visits : []), []);
  return (sets["appointments"] as readonly { id: string }[]).map(({ id }) => id);
}

test("visits stand in the order they begin, one of a whole day at its day's begin, one without any time last", () => {
  const at = (time: string) => Date.parse(`2026-03-0${time}Z`);
  expect(
    ordered(
      { ...noTimes, id: "1" },
      { ...noTimes, id: "2", all_day: true, all_day_date: "2026-03-03" },
      { ...noTimes, id: "3", starts_at: at("2T10:00:00") },
      { ...noTimes, id: "4", window_start: at("1T08:00:00") },
      { ...noTimes, id: "5", starts_at: at("3T09:00:00") },
    ),
  ).toEqual(["4", "3", "2", "5", "1"]);
});
