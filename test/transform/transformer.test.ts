import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LoadRecord } from "../../pipeline/core/load-record.ts";
import { applyTopics } from "../../pipeline/kafka/admin.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import type { Consumed } from "../../pipeline/kafka/consumer.ts";
import { openControlWriter } from "../../pipeline/kafka/control.ts";
import {
  openTransactionalProducer,
  type TransactionalProducer,
} from "../../pipeline/kafka/producer.ts";
import { readToEnd } from "../../pipeline/kafka/reader.ts";
import {
  closeWatermarks,
  groupPositions,
  highWatermarks,
} from "../../pipeline/kafka/watermarks.ts";
import { compilePlan } from "../../pipeline/mapping/compile.ts";
import { planHash } from "../../pipeline/mapping/plan-hash.ts";
import { runTransformer } from "../../pipeline/transform/transformer.ts";
import { allTopics, loadTopic, rejectedTopic, sourceTopic } from "../../topics/index.ts";
import { aContact, aCustomer, aJob, aLineItem, aMeta } from "../builders.ts";
import { anAttachment, aNote } from "../document-builders.ts";
import { migrationName, testConnection, testStage } from "../kafka-connection.ts";

const folder = join(import.meta.dirname, "../../pipeline/mapping/salesforce");
const hash = planHash(folder);
const compiled = compilePlan({
  folder,
  settings: { audit_fields: true },
  destination: "salesforce",
  hash,
});
const objects = [...new Set(compiled.plan.objects.map(({ object }) => object))];
const connection = testConnection("transform-test");
const migration = migrationName("transform");
const codecs = openCodecs(connection);
const seedStage = testStage("seed");
let producer: TransactionalProducer;
const children: ChildProcess[] = [];

beforeAll(async () => {
  for (const name of [migration, `${migration}-kill`, `${migration}-gate`]) {
    const schemas = new Map(
      [...compiled.schemas].map(([object, schema]) => [loadTopic(name, object).name, schema]),
    );
    await applyTopics(connection, allTopics(name, objects), { partitions: 3, schemas });
  }
  producer = await openTransactionalProducer(connection, {
    transactionalId: `${migration}.seed`,
    stage: seedStage,
  });
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await producer.close();
  await closeWatermarks();
});

async function approve(name: string): Promise<void> {
  const control = await openControlWriter(connection, name);
  await control.say("plan", "plan", { hash }, "test");
  await control.say("gate", "approve", { plan: hash, passed: true }, "test");
  await control.close();
}

async function seed(name: string, entity: string, records: readonly { id: string }[]) {
  const topic = sourceTopic(name, entity);
  const encode = await codecs.encoder(topic);
  await producer.transaction((tx) => {
    for (const record of records) tx.send(topic.name, record.id, encode(record as never));
  });
}

function options(name: string) {
  const stage = testStage("transform");
  return { stage, connection, migration: name, run: 1, instance: 0, compiled, planHash: hash };
}

/** Whether the group has committed everything its source topics hold. */
async function isThrough(name: string): Promise<boolean> {
  const topics = [...compiled.mappers.keys()].map((entity) => sourceTopic(name, entity).name);
  const ends = await highWatermarks(connection, topics);
  const positions = await groupPositions(connection, `${name}.transform.r1`, topics);
  return topics.every((topic) => String(ends.get(topic)) === String(positions.get(topic)));
}

async function loaded(name: string, object: string): Promise<LoadRecord[]> {
  const records: LoadRecord[] = [];
  await readToEnd(connection, [loadTopic(name, object).name], async ({ value }) => {
    records.push(await codecs.decode<LoadRecord>(value as Buffer));
  });
  return records;
}

async function letters(name: string): Promise<Consumed[]> {
  const found: Consumed[] = [];
  await readToEnd(connection, [rejectedTopic(name).name], (record) => {
    found.push(record);
  });
  return found;
}

const within = { interval: 100 };

test("every entity's records arrive in their objects, deletes as deletes, and broken neighbours as letters", async () => {
  await approve(migration);
  await seed(migration, "customer", [
    aCustomer({ meta: aMeta({ members: "pending" }) }),
    aCustomer({ id: "7", meta: aMeta({ members: "whole", deleted: true, delete_reason: "feed" }) }),
  ]);
  await seed(migration, "contact", [aContact(), aContact({ id: "2", roles: ["janitor"] })]);
  await seed(migration, "line_item", [aLineItem()]);
  await seed(migration, "note", [
    aNote({ body: "word ".repeat(1500) }),
    aNote({ id: "82", parent_type: "customer", job_id: null, body: "long ".repeat(500_000) }),
  ]);
  await seed(migration, "attachment", [
    anAttachment({ file: null, file_problem: "missing" }),
    anAttachment({ id: "92" }),
  ]);
  const jobs = sourceTopic(migration, "job");
  const encode = await codecs.encoder(jobs);
  const framed = encode(aJob());
  await producer.transaction((tx) => {
    tx.send(jobs.name, "1001", framed);
    tx.send(jobs.name, "1001", framed.subarray(0, framed.length - 9));
    tx.send(jobs.name, "1001", Buffer.from("no record at all"));
    tx.send(jobs.name, "1001", encode(aJob({ title: "After the broken ones" })));
    tx.send(jobs.name, "1001", encode(aJob({ id: "3", description: "x".repeat(2_000_000) })));
  });

  const running = options(migration);
  const ended = runTransformer(running);
  await expect.poll(() => isThrough(migration), within).toBe(true);

  const cases = await loaded(migration, "Case");
  expect(cases.map(({ fields }) => fields?.["Subject"])).toEqual([
    "Boiler does not start",
    "After the broken ones",
  ]);
  expect(cases[0]).toMatchObject({ key: "job-1001", plan: hash, entity: "job", source_id: "1001" });
  expect(cases[0]?.version).toMatchObject({ run: 1, topic: jobs.name });
  expect(await loaded(migration, "Account")).toMatchObject([
    { key: "customer-7", operation: "delete", delete_reason: "feed", fields: null },
  ]);
  expect(await loaded(migration, "Work_Order_Line_Item__c")).toMatchObject([
    { fields: { Case__c: "job-1001", Total__c: "143.10" } },
  ]);
  expect(await loaded(migration, "Contact")).toHaveLength(1);

  // A record of several rows, one that is none here, and what a record is elsewhere goes on.
  const comments = await loaded(migration, "CaseComment");
  expect(
    comments.map(({ key, operation, rows }) => [key, operation, rows?.length ?? undefined]),
  ).toEqual(
    expect.arrayContaining([
      ["note-81", "upsert", 2],
      ["note-82", "delete", undefined],
    ]),
  );
  const versions = await loaded(migration, "ContentVersion");
  expect(new Map(versions.map(({ key, fields }) => [key, fields?.["VersionData"]]))).toEqual(
    new Map([
      ["note-81", undefined],
      ["note-82", `text:${"long ".repeat(500_000).trim()}`],
      ["attachment-92", `sha256:${"a".repeat(64)}:3`],
    ]),
  );
  const links = await loaded(migration, "ContentDocumentLink");
  expect(links.map(({ key, operation }) => `${key} ${operation}`).toSorted()).toEqual([
    "attachment-91 delete",
    "attachment-92 upsert",
    "note-81 delete",
    "note-82 upsert",
  ]);

  const rejected = await letters(migration);
  const codes = rejected.map(({ headers }) => String(headers["cutover.error.code"]));
  expect(codes.toSorted((a, b) => a.localeCompare(b))).toEqual([
    "FILE_MISSING",
    "RECORD_UNREADABLE",
    "RECORD_UNREADABLE",
    "TEXT_TOO_LONG",
    "VALUE_NOT_IN_TABLE",
  ]);
  const role = rejected.find(({ key }) => key === "contact|2");
  expect(role?.headers).toMatchObject({
    "cutover.object": "Contact",
    "cutover.field": "roles",
    "cutover.source.id": "2",
    "__connect.errors.topic": `${migration}.source.contact`,
  });
  expect(role?.headers["__connect.errors.exception.message"]).toContain("janitor");
  const unreadable = rejected.filter(({ key }) => key === "job|1001").map(({ value }) => value);
  expect(unreadable).toContainEqual(Buffer.from("no record at all"));

  running.stage.stop.abort();
  await ended;
  const { values } = await running.stage.metrics.records.get();
  const count = (object: string, outcome: string): number =>
    values.find(({ labels }) => labels.object === object && labels.outcome === outcome)?.value ?? 0;
  expect(count("Account", "skipped")).toBe(1);
  expect(count("Case", "mapped")).toBe(2);
  expect(count("job", "rejected")).toBe(2);
});

test("without the confirmed plan's approval nothing begins, and the refusal says who can mend it", async () => {
  const name = `${migration}-gate`;
  await expect(runTransformer(options(name))).rejects.toMatchObject({
    code: "PLAN_NOT_CONFIRMED",
    message: expect.stringContaining("cutover map --confirm"),
  });
  const control = await openControlWriter(connection, name);
  await control.say("plan", "plan", { hash }, "test");
  await control.say("gate", "approve", { plan: "another plan", passed: true }, "test");
  await control.close();
  await expect(runTransformer(options(name))).rejects.toMatchObject({
    code: "PLAN_NOT_CONFIRMED",
    message: expect.stringContaining("cutover approve"),
  });
});

test("a transformer killed inside transactions after earlier commits doubles and loses nothing", async () => {
  const name = `${migration}-kill`;
  await approve(name);
  const total = 9000;
  for (let first = 0; first < total; first += 3000) {
    const jobs = Array.from({ length: 3000 }, (_, nth) => aJob({ id: String(first + nth) }));
    await seed(name, "job", jobs);
  }
  // Each run commits before it dies: 2 batches, then 1, then the rest.
  expect(await run(name, "transform.produced:kill@3")).toBe("SIGKILL");
  const after = await groupPositions(connection, `${name}.transform.r1`, [`${name}.source.job`]);
  expect(after.get(`${name}.source.job`)?.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0);
  expect(await run(name, "transform.offsets_sent:kill@2")).toBe("SIGKILL");
  const last = start(name, "");
  await expect.poll(() => isThrough(name), within).toBe(true);
  last.kill("SIGTERM");
  expect((await once(last, "exit"))[0]).toBe(0);

  const versions = (await loaded(name, "Case")).map(
    ({ key, version }) => `${key}@${version.partition}/${version.offset}`,
  );
  expect(versions).toHaveLength(total);
  expect(new Set(versions).size).toBe(total);
});

function start(name: string, fault: string): ChildProcess {
  const args = [connection.brokers, connection.registry, connection.blobFolder, name, folder];
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "transform-child.ts"), ...args],
    {
      env: { ...process.env, CUTOVER_FAULT: fault, CUTOVER_LOG_LEVEL: "error" },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  children.push(child);
  return child;
}

async function run(name: string, fault: string): Promise<unknown> {
  const [code, signal] = await once(start(name, fault), "exit");
  return signal ?? code;
}
