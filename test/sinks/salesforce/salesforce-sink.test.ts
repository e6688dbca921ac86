import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ObjectPlan } from "../../../pipeline/core/plan.ts";
import {
  type DestinationRow,
  type RowResults,
  resultKey,
  type SinkGroup,
  type SinkRow,
} from "../../../sinks/sink.ts";
import type { SalesforceSink } from "../../../sinks/salesforce/salesforce-sink.ts";
import { threeObjects, threeObjectsSchema } from "../../loader/three-objects.ts";
import { changesOf } from "../changes-of.ts";
import { type SimulatedOrg, simulatedOrg } from "./simulated-org.ts";

const [account, job] = threeObjects.objects as [ObjectPlan, ObjectPlan];
let org: SimulatedOrg;
let sink: SalesforceSink;

beforeAll(async () => {
  org = await simulatedOrg(threeObjectsSchema);
  sink = await org.sink();
});
afterEach(() => org.admin("DELETE", "faults"));
afterAll(async () => {
  await sink.close();
  await org.close();
});

const anAccount = (key: string, name: string | null = key): SinkRow => ({
  key,
  destinationId: null,
  fields: { Name: name, Phone: null },
});
const inserts = (plan: ObjectPlan, rows: readonly SinkRow[]): SinkGroup => ({
  plan,
  operation: "insert",
  rows,
});
const idOf = (results: RowResults, object: string, key: string): string => {
  const result = results.get(resultKey(object, key));
  if (result === undefined || !("destinationId" in result)) throw new Error(`No id of ${key}.`);
  return result.destinationId as string;
};
async function allOf(plan: ObjectPlan): Promise<DestinationRow[]> {
  const rows: DestinationRow[] = [];
  for await (const page of sink.observe(plan)) rows.push(...page);
  return rows;
}
async function bulk(group: SinkGroup): Promise<RowResults> {
  const jobId = await sink.jobs.openJob(group);
  await sink.jobs.uploadJob(jobId, group);
  await expect.poll(async () => (await sink.jobs.jobState(jobId)).state).toBe("done");
  return sink.jobs.jobResults(jobId, group);
}

test("a wrong secret is refused with the remedy, and no secret stands in the error", async () => {
  const refused = await org.sink({ secret: "hunter2-hunter2" }).catch((error: Error) => error);
  expect(refused).toMatchObject({ code: "SINK_AUTH_REFUSED" });
  expect((refused as Error).message).toContain("client_secret");
  expect(JSON.stringify(refused) + String((refused as Error).stack)).not.toContain("hunter2");
});

test("a bulk job's results are matched by key, whatever order they come in, and refusals name code and field", async () => {
  const rows = Array.from({ length: 300 }, (_, n) => anAccount(`customer-b${n}`));
  rows.push(anAccount("customer-nameless", null));
  const results = await bulk(inserts(account, rows));
  expect(results.size).toBe(301);
  expect(results.get(resultKey("Account", "customer-nameless"))).toMatchObject({
    kind: "refused",
    class: "refuse",
    code: "REQUIRED_FIELD_MISSING",
    field: "Name",
  });
  const there = await org.rows("Account");
  for (const { key } of rows.slice(0, 300)) {
    expect(there.get(key)).toMatchObject({ Id: idOf(results, "Account", key), Name: key });
  }
});

test("what was written is read back equal in canonical form, by bulk and by small calls", async () => {
  const fields = {
    AccountId: null,
    ParentId: null,
    OwnerId: null,
    Subject: ' Quotes "and", commas \n new lines; #N/A… ',
    Description: "first\r\nsecond\n\nlast  ",
    Total__c: "-1234567890123.45",
    CreatedDate: Date.UTC(2019, 1, 3, 4, 5, 6, 789),
  };
  const { OwnerId: _owner, ...writable } = fields;
  await bulk(inserts(job, [{ key: "job-bulk", destinationId: null, fields: writable }]));
  const small = await sink.send([
    inserts(job, [
      { key: "job-small", destinationId: null, fields: { ...writable, Subject: "#N/A" } },
    ]),
  ]);
  expect(small.get(resultKey("Case", "job-small"))).toMatchObject({ kind: "created" });
  const found = await sink.ask(
    job,
    ["job-bulk", "job-small", "job-none"].map((key) => anAccount(key)),
    () => false,
  );
  expect([...found.keys()].sort()).toEqual(["job-bulk", "job-small"]);
  for (const field of job.fields) {
    const value = { ...writable, Source_Key__c: "job-bulk" }[field.name as "Subject"];
    if (value === undefined) continue;
    expect(found.get("job-bulk")?.fields[field.name]).toBe(sink.canonical(field, value));
  }
  expect(found.get("job-small")?.fields["Subject"]).toBe("#N/A");
});

test("one small call inserts, updates and deletes several objects, and each row has its own answer", async () => {
  const first = await sink.send([
    inserts(account, [
      anAccount("customer-s1"),
      anAccount("customer-s2"),
      anAccount("customer-s3", null),
    ]),
  ]);
  const [s1, s2] = [idOf(first, "Account", "customer-s1"), idOf(first, "Account", "customer-s2")];
  expect(first.get(resultKey("Account", "customer-s3"))).toMatchObject({ kind: "refused" });
  const second = await sink.send([
    inserts(job, [
      { key: "job-s1", destinationId: null, fields: { AccountId: s1, Subject: "one" } },
      {
        key: "job-s2",
        destinationId: null,
        fields: { AccountId: "001000000000000AAA", Subject: "two" },
      },
    ]),
    {
      plan: account,
      operation: "update",
      rows: [{ key: "customer-s1", destinationId: s1, fields: { Name: "renamed" } }],
    },
    {
      plan: account,
      operation: "delete",
      rows: [{ key: "customer-s2", destinationId: s2, fields: {} }],
    },
  ]);
  expect(second.get(resultKey("Account", "customer-s1"))).toEqual({
    kind: "updated",
    destinationId: s1,
  });
  expect(second.get(resultKey("Account", "customer-s2"))).toEqual({
    kind: "deleted",
    destinationId: s2,
  });
  expect(second.get(resultKey("Case", "job-s1"))).toMatchObject({ kind: "created" });
  expect(second.get(resultKey("Case", "job-s2"))).toMatchObject({ kind: "refused" });
  const gone = await sink.send([
    {
      plan: account,
      operation: "update",
      rows: [{ key: "customer-s2", destinationId: s2, fields: { Name: "x" } }],
    },
  ]);
  expect(gone.get(resultKey("Account", "customer-s2"))).toEqual({
    kind: "gone",
    destinationId: s2,
  });
});

test("a second row of our key is a duplicate, and the refusal names the row that has it", async () => {
  const first = await sink.send([inserts(account, [anAccount("customer-d1")])]);
  const id = idOf(first, "Account", "customer-d1");
  for (const again of [
    await sink.send([inserts(account, [anAccount("customer-d1")])]),
    await bulk(inserts(account, [anAccount("customer-d1")])),
  ]) {
    expect(again.get(resultKey("Account", "customer-d1"))).toMatchObject({
      kind: "refused",
      class: "duplicate",
      destinationId: id,
    });
  }
});

test("a reply lost after the commit is unknown, and asking by key tells", async () => {
  await org.admin("POST", "faults", {
    rules: [
      { match: { method: "POST", path: "/composite", count: 1 }, action: { kind: "drop_after" } },
    ],
  });
  await expect(sink.send([inserts(account, [anAccount("customer-lost")])])).rejects.toMatchObject({
    code: "SINK_REPLY_LOST",
  });
  expect(
    (await sink.ask(account, [anAccount("customer-lost")], () => false)).has("customer-lost"),
  ).toBe(true);
});

test("an upload answered 503 leaves the job open, never uploaded a second time", async () => {
  await org.admin("POST", "faults", {
    rules: [
      {
        match: { method: "PUT", path: "/batches", count: 1 },
        action: { kind: "status", status: 503 },
      },
    ],
  });
  const group = inserts(account, [anAccount("customer-503")]);
  const jobId = await sink.jobs.openJob(group);
  await expect(sink.jobs.uploadJob(jobId, group)).rejects.toMatchObject({
    code: "SINK_REPLY_LOST",
  });
  expect((await sink.jobs.jobState(jobId)).state).toBe("open");
  expect((await sink.jobs.openJobs()).map(({ id }) => id)).toContain(jobId);
  await sink.jobs.abortJob(jobId);
  expect((await sink.jobs.jobState(jobId)).state).toBe("aborted");
  expect((await org.rows("Account")).has("customer-503")).toBe(false);
});

test("a session lost in the upload is renewed and the whole text goes out again", async () => {
  await org.admin("POST", "faults", {
    rules: [
      {
        match: { method: "PUT", path: "/batches", count: 1 },
        action: {
          kind: "status",
          status: 401,
          body: [{ message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" }],
        },
      },
    ],
  });
  const results = await bulk(inserts(account, [anAccount("customer-session")]));
  expect(results.get(resultKey("Account", "customer-session"))).toMatchObject({ kind: "created" });
});

test("a full read and a changed-since read bring rows with their parents' keys, deleted ones too", async () => {
  const before = await sink.now();
  const parent = await sink.send([inserts(account, [anAccount("customer-o1")])]);
  const AccountId = idOf(parent, "Account", "customer-o1");
  const made = await sink.send([
    inserts(job, [
      { key: "job-o1", destinationId: null, fields: { AccountId, Subject: "kept" } },
      { key: "job-o2", destinationId: null, fields: { AccountId, Subject: "dropped" } },
    ]),
  ]);
  const destinationId = idOf(made, "Case", "job-o2");
  await sink.send([
    { plan: job, operation: "delete", rows: [{ key: "job-o2", destinationId, fields: {} }] },
  ]);
  const changed = await changesOf(sink, [account, job], before - 1000);
  const byKey = new Map(changed.rows.get("Case")?.map((row) => [row.key, row]));
  expect(byKey.get("job-o1")).toMatchObject({
    deleted: false,
    fields: { AccountId: "customer-o1", Subject: "kept" },
  });
  expect(byKey.get("job-o2")).toMatchObject({ deleted: true });
  const all = (await allOf(job)).map(({ key }) => key);
  expect(all).toContain("job-o1");
  expect(all).not.toContain("job-o2");
});
