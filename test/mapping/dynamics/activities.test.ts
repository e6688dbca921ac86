import { expect, test } from "vitest";
import type { Activity } from "../../../pipeline/core/generated/records.ts";
import { anActivity, visitAt } from "../../visit-builders.ts";
import { mappedInto, rowOf } from "./mapped-rows.ts";

const hour = 3_600_000;

const activity = (object: string, changes: Partial<Activity>, settings = {}) =>
  rowOf(object, "activity", anActivity(changes), settings);

test("a call is a completed phone call with its original times", () => {
  expect(activity("phonecall", {})).toMatchObject({
    regardingobjectid: "job-1001",
    subject: "About the boiler",
    directioncode: true,
    scheduledstart: visitAt,
    actualstart: visitAt,
    actualend: visitAt + 95_000,
    statecode: "Completed",
    qd_durationseconds: 95,
    qd_outcome: "connected",
    ownerid: "user-3",
  });
  const customers = activity("phonecall", { job_id: null });
  expect(customers).toMatchObject({ regardingobjectid: "customer-1" });
});

test("each kind of activity is a row of one table, and one nobody confirmed is rejected", () => {
  const tables = ["phonecall", "email", "appointment", "task"];
  const rows = (kind: string) =>
    tables.filter((table) => {
      const result = mappedInto(table, "activity", anActivity({ kind }));
      return result.kind === "mapped" && result.record.operation === "upsert";
    });
  expect(["call", "email", "meeting", "sms", "task"].map(rows)).toEqual([
    ["phonecall"],
    ["email"],
    ["appointment"],
    ["task"],
    ["task"],
  ]);
  expect(mappedInto("task", "activity", anActivity({ kind: "fax" }))).toMatchObject({
    kind: "rejected",
    error: { code: "VALUE_NOT_IN_TABLE", field: "kind" },
  });
});

test("a task is open until it ends, and a meeting scheduled until something came of it", () => {
  const task = { kind: "task", duration_s: null };
  expect(activity("task", task)).toMatchObject({ statecode: "Open", actualend: null });
  expect(activity("task", { ...task, ended_at: visitAt + hour })).toMatchObject({
    statecode: "Completed",
    actualend: visitAt + hour,
  });
  const meeting = { kind: "meeting", duration_s: 1_800 };
  expect(activity("appointment", { ...meeting, outcome: null })).toMatchObject({
    statecode: "Scheduled",
    scheduledend: visitAt + 1_800_000,
    actualend: null,
  });
  expect(activity("appointment", { ...meeting, outcome: "held" })).toMatchObject({
    statecode: "Completed",
    actualend: visitAt + 1_800_000,
  });
});

test("an e-mail keeps its formatting, and an empty subject has a stand-in", () => {
  const email = { kind: "email", subject: null, body: "<p>Hi <b>Ada</b></p><script>1</script>" };
  expect(activity("email", email)).toMatchObject({
    subject: "Email",
    description: "<p>Hi <b>Ada</b></p>",
  });
});
