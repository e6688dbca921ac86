import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ObjectPlan } from "../../../pipeline/core/plan.ts";
import type { SalesforceSink } from "../../../sinks/salesforce/salesforce-sink.ts";
import { type RowResults, resultKey, type SinkGroup } from "../../../sinks/sink.ts";
import { threeObjects, threeObjectsSchema } from "../../loader/three-objects.ts";
import { type SimulatedOrg, simulatedOrg } from "./simulated-org.ts";

const job = threeObjects.objects.find(({ object }) => object === "Case") as ObjectPlan;
const described: ObjectPlan = {
  ...job,
  fields: [...job.fields, { name: "Description", type: "textarea", length: 32_000 }],
};
const comment: ObjectPlan = {
  object: "CaseComment",
  entity: "note",
  identity: "content",
  keyField: "",
  idField: "",
  fields: [
    {
      name: "ParentId",
      type: "reference",
      reference: { object: "Case", relationship: "Parent", whenDeleted: "park" },
    },
    { name: "CommentBody", type: "textarea", perRow: true },
    { name: "IsPublished", type: "boolean" },
  ],
};
let org: SimulatedOrg;
let sink: SalesforceSink;
let caseId: string;

beforeAll(async () => {
  org = await simulatedOrg(threeObjectsSchema);
  await org.admin("POST", "settings", { model: "off" });
  sink = await org.sink();
  const made = await sink.send([
    {
      plan: job,
      operation: "insert",
      rows: [{ key: "job-1", destinationId: null, moreIds: [], fields: { Subject: "One" } }],
    },
  ]);
  caseId = (made.get(resultKey("Case", "job-1")) as { destinationId: string }).destinationId;
});
afterEach(() => org.admin("DELETE", "faults"));
afterAll(async () => {
  await sink.close();
  await org.close();
});

const note = (key: string, bodies: readonly string[]): SinkGroup["rows"][number] => ({
  key,
  destinationId: null,
  moreIds: [],
  fields: { ParentId: caseId, IsPublished: false },
  rows: bodies.map((CommentBody) => ({ CommentBody })),
});

async function bulk(group: SinkGroup): Promise<RowResults> {
  const jobId = await sink.jobs.openJob(group);
  await sink.jobs.uploadJob(jobId, group);
  await expect.poll(async () => (await sink.jobs.jobState(jobId)).state).toBe("done");
  return sink.jobs.jobResults(jobId, group);
}

test("rows without a key column find their results by what they hold, equal ones each one of its own", async () => {
  await org.admin("POST", "faults", {
    faults: [
      { kind: "shuffle_results", on: "^CaseComment" },
      { kind: "wrong_case_echo", on: "^CaseComment" },
    ],
  });
  const long = ['first "part",\n of two', "second part"];
  const results = await bulk({
    plan: comment,
    operation: "insert",
    rows: [note("note-1", ["same"]), note("note-2", ["same"]), note("note-3", long)],
  });
  const result = (key: string) => results.get(resultKey("CaseComment", key));
  const ids = ["note-1", "note-2", "note-3"].flatMap((key) => {
    const got = result(key);
    if (got?.kind !== "created") throw new Error(`${key} was not created.`);
    return [got.destinationId, ...(got.moreIds ?? [])];
  });
  expect(new Set(ids).size).toBe(4);
  const there = await org.query("SELECT Id, CommentBody FROM CaseComment");
  const bodyOf = new Map(there.map((row) => [row["Id"], row["CommentBody"]]));
  expect(ids.map((id) => bodyOf.get(id))).toEqual(["same", "same", ...long]);
});

test("a record refused in part is left open, so that what is there of it is asked for", async () => {
  await org.admin("POST", "faults", {
    faults: [{ kind: "refuse_rows", on: "^CaseComment", rows: 1, count: 1 }],
  });
  const results = await bulk({
    plan: comment,
    operation: "insert",
    rows: [note("note-4", ["refused", "there"]), note("note-5", ["whole"])],
  });
  expect(results.has(resultKey("CaseComment", "note-4"))).toBe(false);
  expect(results.get(resultKey("CaseComment", "note-5"))).toMatchObject({ kind: "created" });
});

test("what one line of an upload cannot say goes by small calls", () => {
  const fits = (fields: Record<string, string>): boolean =>
    sink.bulkable(job, "insert", { key: "job-2", destinationId: null, moreIds: [], fields });
  expect(fits({ Subject: "plain" })).toBe(true);
  expect(fits({ Subject: "#N/A" })).toBe(false);
  expect(fits({ Description: "x".repeat(131_073) })).toBe(false);
  const wide = ["A", "B", "C", "D"].map((name) => [name, "x".repeat(100_000)]);
  expect(fits(Object.fromEntries(wide) as Record<string, string>)).toBe(false);
});

test("a column that only a late row of an upload fills stands in it, and the rows before it stay as they are", async () => {
  const rows = Array.from({ length: 301 }, (_, n) => ({
    ...{ key: `job-late-${n}`, destinationId: null, moreIds: [] },
    fields: { Subject: `Late ${n}`, ...(n === 300 ? { Description: "the last" } : {}) },
  }));
  const results = await bulk({ plan: described, operation: "insert", rows });
  expect([...results.values()].filter(({ kind }) => kind === "created")).toHaveLength(301);
  const stands = await org.query(
    "SELECT Subject, Description FROM Case WHERE Subject IN ('Late 0', 'Late 300') ORDER BY Subject",
  );
  expect(stands).toMatchObject([
    { Subject: "Late 0", Description: null },
    { Subject: "Late 300", Description: "the last" },
  ]);
});
