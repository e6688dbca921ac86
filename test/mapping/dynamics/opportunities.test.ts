import { expect, test } from "vitest";
import type { Job } from "../../../pipeline/core/generated/records.ts";
import { aJob } from "../../builders.ts";
import { mappedInto, rowOf } from "./mapped-rows.ts";

const professional = { edition: "professional" } as const;

const opportunity = (changes: Partial<Job> = {}) =>
  rowOf("opportunity", "job", aJob(changes), professional);

test("an opportunity keeps the value the source says, whatever its lines add up to", () => {
  expect(opportunity()).toMatchObject({
    name: "Boiler does not start",
    customerid: "customer-1",
    parentaccountid: "customer-1",
    parentcontactid: "contact-1",
    estimatedvalue: "249.90",
    isrevenuesystemcalculated: false,
    estimatedclosedate: "2026-01-16",
    qd_workorderid: "J-1001",
  });
  const crew = JSON.parse(String(opportunity()["qd_crew"])) as unknown[];
  expect(crew).toEqual([{ id: "1", technician_id: "1", role: "Primary", hours_worked: "1.5" }]);
});

test("a job that is over closes its opportunity, Won or Lost, as of the day it was over", () => {
  const close = (changes: Partial<Job>) =>
    mappedInto("opportunityclose", "job", aJob(changes), professional);
  const at = Date.UTC(2026, 0, 15, 10, 30);
  expect(close({})).toMatchObject({
    record: {
      key: "job-1001",
      fields: {
        opportunityid: "job-1001",
        opportunitystatecode: "Won",
        actualend: at,
        actualrevenue: "249.90",
      },
    },
  });
  const lost = { status: "Cancelled", completed_at: null, cancelled_at: at };
  expect(close(lost)).toMatchObject({
    record: { fields: { opportunitystatecode: "Lost", actualend: at, actualrevenue: null } },
  });
  expect(close({ status: "In Progress" })).toMatchObject({ record: { operation: "delete" } });
});
