import { afterAll, beforeAll, expect, test } from "vitest";
import { rowGuid } from "../../../sinks/dynamics/row-guid.ts";
import { sendGroups } from "../../../sinks/dynamics/send.ts";
import type { RowResult, SinkRow } from "../../../sinks/sink.ts";
import { aRow, lookup, planOf, text, type Writing, writing } from "./writing.ts";

let env: Writing;
beforeAll(async () => {
  env = await writing();
});
afterAll(() => env.close());

const opportunity = planOf("opportunity", [
  text("name"),
  { name: "estimatedvalue", type: "decimal", scale: 2 },
]);
const line = planOf("opportunityproduct", [
  text("productdescription"),
  { name: "isproductoverridden", type: "boolean", createOnly: true },
  { name: "quantity", type: "decimal", scale: 2 },
  { name: "priceperunit", type: "decimal", scale: 2 },
  lookup("opportunityid", "opportunity"),
]);
const closing = planOf(
  "opportunityclose",
  [
    text("subject"),
    { name: "actualend", type: "datetime" },
    { name: "actualrevenue", type: "decimal", scale: 2 },
    { name: "opportunitystatecode", type: "picklist" },
    { name: "opportunitystatuscode", type: "picklist" },
    lookup("opportunityid", "opportunity"),
  ],
  { identity: "primary_key", keyField: "" },
);

const idOf = (key: string): string => rowGuid("opportunity", key);
const lineOf = (job: string, at: number, quantity = "1"): SinkRow =>
  aRow(`${job}-line-${at}`, {
    productdescription: `Line ${at}`,
    isproductoverridden: true,
    quantity,
    priceperunit: "10",
    opportunityid: idOf(job),
  });
const won = (job: string, more: SinkRow["fields"] = {}): SinkRow["fields"] => ({
  subject: "Job completed",
  actualend: Date.UTC(2019, 4, 4, 12),
  actualrevenue: "123.45",
  opportunitystatecode: "Won",
  opportunitystatuscode: null,
  opportunityid: idOf(job),
  ...more,
});
/** What is to be seen of a job that was won on 4 May 2019. */
const wonThen = {
  statecode: 1,
  statuscode: 3,
  actualclosedate: "2019-05-04",
  actualvalue: 123.45,
};
const closesOf = async (job: string) =>
  (await env.raw.call("GET", `opportunities(${idOf(job)})/Opportunity_OpportunityClose`)).json
    .value;

/** A job with lines, closed. */
async function closedJob(job: string, lines = 2): Promise<void> {
  const some = Array.from({ length: lines }, (_, at) => lineOf(job, at));
  await env.send(opportunity, "insert", [aRow(job, { name: job, estimatedvalue: "5" })]);
  await env.send(line, "insert", some);
  const results = await env.send(closing, "insert", [aRow(job, won(job))]);
  expect(results.get(job)).toEqual({
    kind: "created",
    destinationId: rowGuid("opportunityclose", job),
  });
}

test("a closed job is Won with the date and revenue of the source, once", async () => {
  await closedJob("won");
  expect(await env.row("opportunities", idOf("won"))).toMatchObject(wonThen);
  const closes = await closesOf("won");
  expect(closes).toHaveLength(1);
  expect(closes[0]).toMatchObject({
    activityid: rowGuid("opportunityclose", "won"),
    subject: "Job completed",
  });
});

test("a cancelled job is Lost for the reason that is named", async () => {
  await env.send(opportunity, "insert", [aRow("lost", { name: "lost" })]);
  const how = { opportunitystatecode: "Lost", opportunitystatuscode: "Out-Sold" };
  await env.send(closing, "insert", [aRow("lost", won("lost", how))]);
  expect(await env.row("opportunities", idOf("lost"))).toMatchObject({
    statecode: 2,
    statuscode: 5,
  });
});

test("a job that is closed already is not closed twice: the closing is a duplicate", async () => {
  await closedJob("twice");
  const results = await env.send(closing, "insert", [aRow("twice", won("twice"))]);
  expect(results.get("twice")).toMatchObject({
    class: "duplicate",
    destinationId: rowGuid("opportunityclose", "twice"),
  });
  expect(await closesOf("twice")).toHaveLength(1);
});

test("a job somebody else has closed is closed anew as the source says", async () => {
  await env.send(opportunity, "insert", [aRow("theirs", { name: "theirs" })]);
  await env.raw.call("POST", "LoseOpportunity", {
    Status: 4,
    OpportunityClose: { "opportunityid@odata.bind": `/opportunities(${idOf("theirs")})` },
  });
  const results = await env.send(closing, "insert", [aRow("theirs", won("theirs"))]);
  expect(results.get("theirs")?.kind).toBe("created");
  expect(await env.row("opportunities", idOf("theirs"))).toMatchObject(wonThen);
});

test("another date or outcome of a closed job opens and closes it as one: the activity stays one", async () => {
  await closedJob("again");
  const how = { actualend: Date.UTC(2019, 5, 1), actualrevenue: "7", opportunitystatecode: "Lost" };
  const change = env.changed(closing, "again", won("again", how));
  const calls = await env.counted(async () => {
    expect((await env.send(closing, "update", [change])).get("again")?.kind).toBe("updated");
  });
  expect(calls["batch"]).toBe(1);
  expect(await env.row("opportunities", idOf("again"))).toMatchObject({
    statecode: 2,
    actualclosedate: "2019-06-01",
    actualvalue: 7,
  });
  expect(await closesOf("again")).toHaveLength(1);
});

test("a reopened job is open again and its closing is gone; a second close cycle leaves one closing", async () => {
  await closedJob("cycle");
  const results = await env.send(closing, "delete", [env.changed(closing, "cycle", {})]);
  expect(results.get("cycle")?.kind).toBe("deleted");
  expect(await env.row("opportunities", idOf("cycle"))).toMatchObject({
    statecode: 0,
    statuscode: 1,
  });
  expect(await closesOf("cycle")).toHaveLength(0);
  const gone = await env.send(closing, "delete", [env.changed(closing, "cycle", {})]);
  expect(gone.get("cycle")?.kind).toBe("gone");
  await env.send(closing, "insert", [aRow("cycle", won("cycle"))]);
  expect(await env.row("opportunities", idOf("cycle"))).toMatchObject(wonThen);
  expect(await closesOf("cycle")).toHaveLength(1);
});

test("a closing whose opportunity is gone is gone with it", async () => {
  await closedJob("deleted");
  await env.raw.call("DELETE", `opportunities(${idOf("deleted")})`);
  const change = env.changed(closing, "deleted", won("deleted"));
  expect((await env.send(closing, "update", [change])).get("deleted")?.kind).toBe("gone");
});

test("a closed job that is changed is opened, changed and closed again with the same date", async () => {
  await closedJob("edit");
  const change = env.changed(opportunity, "edit", { name: "edited", estimatedvalue: "6" });
  expect((await env.send(opportunity, "update", [change])).get("edit")?.kind).toBe("updated");
  const row = await env.row("opportunities", idOf("edit"));
  expect(row).toMatchObject({ name: "edited", estimatedvalue: 6, ...wonThen });
  const closes = await closesOf("edit");
  expect(closes).toHaveLength(1);
  expect(closes[0]).toMatchObject({
    activityid: rowGuid("opportunityclose", "edit"),
    subject: "Job completed",
    actualend: "2019-05-04T12:00:00Z",
  });
});

test("lines of closed jobs are added, changed and removed among others, each job closed as it was", async () => {
  await closedJob("closed-1", 3);
  await closedJob("closed-2", 3);
  await env.send(opportunity, "insert", [aRow("open", { name: "open" })]);
  const added = await env.send(line, "insert", [
    lineOf("closed-1", 8),
    lineOf("closed-1", 9),
    lineOf("open", 1),
    lineOf("closed-2", 9),
  ]);
  expect([...added.values()].map(({ kind }) => kind)).toEqual(Array(4).fill("created"));
  const { fields } = lineOf("closed-1", 0, "4");
  const changed = await env.send(line, "update", [
    env.changed(line, "closed-1-line-0", fields),
    env.changed(line, "closed-2-line-0", lineOf("closed-2", 0, "5").fields),
    env.changed(line, "open-line-1", lineOf("open", 1, "6").fields),
  ]);
  expect([...changed.values()].map(({ kind }) => kind)).toEqual(Array(3).fill("updated"));
  const removed = await env.send(line, "delete", [
    env.changed(line, "closed-1-line-1", {}),
    env.changed(line, "closed-2-line-9", {}),
  ]);
  expect([...removed.values()].map(({ kind }) => kind)).toEqual(Array(2).fill("deleted"));
  expect(
    await env.row("opportunityproducts", rowGuid("opportunityproduct", "closed-1-line-0")),
  ).toMatchObject({ quantity: 4 });
  for (const job of ["closed-1", "closed-2"]) {
    expect(await env.row("opportunities", idOf(job))).toMatchObject(wonThen);
    expect(await closesOf(job)).toHaveLength(1);
  }
  expect(await env.row("opportunities", idOf("open"))).toMatchObject({ statecode: 0 });
});

test("lines that no longer name their job are changed in closed jobs too, found by asking", async () => {
  await closedJob("nameless", 4);
  await env.send(opportunity, "insert", [aRow("still-open", { name: "open" })]);
  await env.send(line, "insert", [lineOf("still-open", 1), lineOf("still-open", 2)]);
  const fields = { productdescription: "Changed", quantity: "3", priceperunit: "10" };
  const keys = [0, 1, 2, 3].map((at) => `nameless-line-${at}`);
  const changes = [...keys, "still-open-line-1", "still-open-line-2"].map((key) =>
    env.changed(line, key, fields),
  );
  let results = new Map<string, RowResult>();
  const calls = await env.counted(async () => {
    results = new Map(await env.send(line, "update", changes));
  });
  expect([...results.values()].map(({ kind }) => kind)).toEqual(Array(6).fill("updated"));
  expect(calls).toMatchObject({ update_multiple: 2, batch: 1 });
  expect(await env.row("opportunities", idOf("nameless"))).toMatchObject(wonThen);
  expect(await closesOf("nameless")).toHaveLength(1);
});

test("a bad line of a closed job is refused alone: its sister is added, the job stays closed", async () => {
  await closedJob("mixed");
  await env.raw.admin("POST", "faults", {
    rules: [
      {
        match: { on: "Create opportunityproduct", nth: 2 },
        action: { kind: "refuse_write" },
      },
    ],
  });
  const results = await env.send(line, "insert", [lineOf("mixed", 5), lineOf("mixed", 6)]);
  await env.raw.admin("DELETE", "faults");
  const kinds = [...results.values()].map(({ kind }) => kind).sort();
  expect(kinds).toEqual(["created", "refused"]);
  expect(await env.row("opportunities", idOf("mixed"))).toMatchObject(wonThen);
  expect(await closesOf("mixed")).toHaveLength(1);
});

test("two writers who change two lines of one closed job at once both get through, and it stays closed once", async () => {
  await closedJob("race", 8);
  const other = await env.another();
  const edits = Array.from({ length: 8 }, (_, at) =>
    env.send(
      line,
      "update",
      [env.changed(line, `race-line-${at}`, lineOf("race", at, `${at + 2}`).fields)],
      at % 2 === 0 ? env.parts : other,
    ),
  );
  const results = (await Promise.all(edits)).flatMap((each) => [...each.values()]);
  const ends = new Set(results.map((one) => (one.kind === "refused" ? one.class : one.kind)));
  expect([...ends].every((end) => end === "updated" || end === "locked")).toBe(true);
  expect(ends.has("updated")).toBe(true);
  expect(await env.row("opportunities", idOf("race"))).toMatchObject(wonThen);
  expect(await closesOf("race")).toHaveLength(1);
});

test("everything a job takes goes by one send: it is filled before it is closed", async () => {
  await env.send(opportunity, "insert", [aRow("whole", { name: "whole" })]);
  await sendGroups(env.parts, [
    { plan: closing, operation: "insert", rows: [aRow("whole", won("whole"))] },
    { plan: line, operation: "insert", rows: [lineOf("whole", 1), lineOf("whole", 2)] },
  ]);
  expect(await env.row("opportunities", idOf("whole"))).toMatchObject(wonThen);
  const lines = await env.raw.call("GET", `opportunities(${idOf("whole")})/product_opportunities`);
  expect(lines.json.value).toHaveLength(2);
});

test("a reply that is cut off while a closed job is changed leaves it closed, whatever was done", async () => {
  await closedJob("cut");
  const change = env.changed(opportunity, "cut", { name: "cut off", estimatedvalue: "6" });
  await env.raw.admin("POST", "faults", {
    rules: [{ match: { path: "batch", from: 2 }, action: { kind: "drop_after" } }],
  });
  await expect(env.send(opportunity, "update", [change])).rejects.toMatchObject({
    code: "SINK_REPLY_LOST",
  });
  await env.raw.admin("DELETE", "faults");
  expect(await env.row("opportunities", idOf("cut"))).toMatchObject({
    name: "cut off",
    ...wonThen,
  });
  expect((await env.send(opportunity, "update", [change])).get("cut")?.kind).toBe("updated");
  expect(await closesOf("cut")).toHaveLength(1);
});

test("an outcome that is neither Won nor Lost is refused by its field", async () => {
  const odd = aRow("odd", won("won", { opportunitystatecode: "Maybe" }));
  expect((await env.send(closing, "insert", [odd])).get("odd")).toMatchObject({
    code: "0x8004431a",
    field: "opportunitystatecode",
  });
});
