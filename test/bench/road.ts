import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLog } from "../../pipeline/stage/log.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import type { SourceRecord } from "../../pipeline/core/source-record.ts";
import { openTransactionalProducer } from "../../pipeline/kafka/producer.ts";
import { compiledPlan } from "../../ops/migration/compiled.ts";
import { connectionOf, type Migration } from "../../ops/migration/migration-file.ts";
import { endsOf, loadTopicsOf, passed, sourceTopicsOf } from "../../ops/migration/positions.ts";
import { openRun, type RunContext } from "../../ops/migration/run-context.ts";
import { destinations } from "../../ops/migration/destinations/index.ts";
import { fallbackOwner } from "../../ops/migration/rehearse/provision.ts";
import { writeFolder } from "../../ops/migration/rehearse/write-folder.ts";
import { type RunningSimulator, startSimulator } from "../../ops/migration/simulator.ts";
import { openSupervisor, type Supervisor } from "../../ops/migration/supervisor.ts";
import { applyMigrationTopics } from "../../ops/migration/topics.ts";
import { type StackAddresses, stackUp } from "../../ops/stack/stack.ts";
import { sourceTopic } from "../../topics/index.ts";
import { aContact, aCustomer, aJob } from "../builders.ts";
import { setInMigration } from "./set-in-migration.ts";

const timeoutMs = 60 * 60 * 1000;
const seedBatch = 5000;

/** How many rows a bench loads: cases with their contacts and accounts. */
export interface Sizes {
  readonly accounts: number;
  readonly contacts: number;
  readonly cases: number;
}

/** The record's road from the source topics to the org, without a source: what benches drive. */
export interface Road {
  readonly salesforce: RunningSimulator;
  /** Where the org keeps its state, uploads included. */
  readonly orgFolder: string;
  readonly migration: Migration;
  readonly supervisor: Supervisor;
  /** Commits the rows to the source topics; the same numbers give the same rows. */
  seed(sizes: Sizes): Promise<void>;
  /** Starts transform and loader where they do not run yet, and waits until all is settled. */
  settle(): Promise<{ readonly seconds: number; readonly waves: Readonly<Record<string, number>> }>;
  /** API calls the org has counted since it was asked last. */
  calls(): Promise<number>;
  close(): Promise<void>;
}

/** What a road is opened with. */
export interface RoadOptions {
  readonly limits: "published" | "off";
  readonly stack: StackAddresses;
  /** A road whose org is used once more; otherwise one is started. */
  readonly before?: Road;
  readonly lanes: number;
  /** Rows from which they go in bulk; a small bench takes a small number, to take the same road. */
  readonly bulkFrom?: number;
}

/** The broker and registry the arguments name, or the local stack. */
export function stackOf(args: Record<string, string>): Promise<StackAddresses> | StackAddresses {
  const { brokers, registry } = args;
  if (brokers !== undefined && registry !== undefined) return { brokers, registry };
  return stackUp({ ownedBy: process.pid });
}

/** Opens a migration of its own, its plan confirmed in the bench's name. */
export async function openRoad(options: RoadOptions): Promise<Road> {
  const folder = mkdtempSync(join(tmpdir(), "cutover-bench-"));
  const { before } = options;
  const salesforce =
    before?.salesforce ??
    (await startSimulator("salesforce", { folder, args: ["--limits", options.limits] }));
  const environment = {
    SF_CLIENT_ID: salesforce.client_id,
    SF_CLIENT_SECRET: salesforce.client_secret,
  };
  Object.assign(process.env, environment);
  const migration = writeFolder({
    folder,
    stack: options.stack,
    destination: "salesforce",
    block: destinations.salesforce.rehearsed.block(salesforce),
    partitions: 3,
    fallbackOwner,
  });
  const { lanes, bulkFrom = 2000 } = options;
  setInMigration(migration.folder, { loader: { lanes, bulk_threshold: bulkFrom } });
  await applyMigrationTopics(migration);
  const fallback = await provisioned(salesforce, migration);
  const supervisor = openSupervisor(migration, environment);
  const context = await openRun({
    migration,
    plan: compiledPlan(migration).plan,
    run: 1,
    failure: () => supervisor.failure(),
    saidBy: "bench",
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  await confirm(context, fallback);
  let running = false;
  let counted = await callsOf(salesforce);
  return {
    salesforce,
    orgFolder: before?.orgFolder ?? join(folder, "salesforce"),
    migration,
    supervisor,
    seed: (sizes) => seed(migration, sizes),
    async settle() {
      if (!running) {
        await Promise.all([supervisor.start("transform"), supervisor.start("loader")]);
      }
      running = true;
      return settled(context, performance.now());
    },
    async calls() {
      const now = await callsOf(salesforce);
      const since = now - counted;
      counted = now;
      return since;
    },
    async close() {
      await supervisor.stop();
      await context.close();
      if (before === undefined) await salesforce.child.stop();
      // What went wrong stands in its logs.
      if (supervisor.failure() === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Fields and the fallback owner, as an admin makes them; the owner's id. */
export async function provisioned(
  salesforce: RunningSimulator,
  migration: Migration,
): Promise<string> {
  const objects = [...compiledPlan(migration).customFields].map(([name, fields]) => ({
    name,
    fields,
  }));
  await salesforce.call("POST", "schema", { objects });
  const users = [{ email: fallbackOwner, name: "Fallback Owner" }];
  const { ids } = await salesforce.call<{ ids: string[] }>("POST", "users", { users });
  return ids[0] as string;
}

async function confirm({ writer, plan }: RunContext, fallback: string): Promise<void> {
  await writer.say("run", "run", { run: 1 }, "bench");
  await writer.say("plan", "plan", { hash: plan.hash }, "bench");
  await writer.say("owners", "owners", { revision: 0, owners: {}, fallback }, "bench");
  for (const gate of ["confirm", "preflight", "sample", "approve"]) {
    await writer.say("gate", gate, { plan: plan.hash, passed: true }, "bench");
  }
  await writer.say("phase", "migration", { phase: "load" }, "bench");
}

async function seed(migration: Migration, { accounts, contacts, cases }: Sizes): Promise<void> {
  const at = (n: number, of: number): string => String(n % Math.max(of, 1));
  await seedOne(migration, "customer", accounts, (n) =>
    aCustomer({ id: String(n), name: `Customer ${words(n, 3)}`, account_number: `A-${n}` }),
  );
  await seedOne(migration, "contact", contacts, (n) =>
    aContact({
      id: String(n),
      customer_id: at(n, accounts),
      last_name: `Baker ${words(n, 1)}`,
      emails: [{ value: `contact-${n}@customer.example`, label: null }],
    }),
  );
  await seedOne(migration, "job", cases, (n) =>
    aJob({
      id: String(n),
      number: `J-${n}`,
      customer_id: at(n, accounts),
      contact_id: contacts === 0 ? null : at(n, contacts),
      owner_id: null,
      assignments: [],
      description: words(n, 12),
      customer_po: `PO-${(n * 7919) % 100_003}`,
      total: { amount: ((n % 100_000) / 100).toFixed(2), currency: "USD" },
    }),
  );
}

async function seedOne(
  migration: Migration,
  entity: "customer" | "contact" | "job",
  count: number,
  record: (n: number) => SourceRecord,
): Promise<void> {
  const connection = connectionOf(migration, "bench");
  const topic = sourceTopic(migration.name, entity);
  const encode = await openCodecs(connection).encoder(topic);
  const producer = await openTransactionalProducer(connection, {
    transactionalId: `${migration.name}.seed`,
    stage: { log: openLog("bench", "warn"), metrics: openMetrics() },
  });
  for (let first = 0; first < count; first += seedBatch) {
    await producer.transaction((tx) => {
      for (let n = first; n < Math.min(count, first + seedBatch); n += 1) {
        tx.send(topic.name, String(n), encode(record(n)));
      }
    });
  }
  await producer.close();
}

/** Texts that differ as real ones do: equal ones would compress to nothing. */
function words(n: number, count: number): string {
  return Array.from({ length: count }, (_, i) =>
    ((n * 2_654_435_761 * (i + 1)) % 4_294_967_291).toString(36),
  ).join(" ");
}

/** Opens the waves one by one, as a run does, and times each. */
async function settled(context: RunContext, begun: number) {
  const waves: Record<string, number> = {};
  const open: string[] = [];
  for (const objects of context.plan.waves) {
    const waveBegun = performance.now();
    open.push(...objects);
    await context.writer.say("wave", "load", { objects: [...open] }, "bench");
    const sources = await endsOf(context, sourceTopicsOf(context, objects));
    await passed(context, "transform", sources, timeoutMs);
    await passed(
      context,
      "loader",
      await endsOf(context, loadTopicsOf(context, objects)),
      timeoutMs,
    );
    waves[objects.join(" ")] = secondsSince(waveBegun);
  }
  return { seconds: secondsSince(begun), waves };
}

function secondsSince(begun: number): number {
  return Number(((performance.now() - begun) / 1000).toFixed(2));
}

async function callsOf(salesforce: RunningSimulator): Promise<number> {
  const counters = await salesforce.call<Record<string, number>>("GET", "counters");
  return Object.entries(counters)
    .filter(([name]) => name.startsWith("calls_"))
    .reduce((sum, [, n]) => sum + n, 0);
}

/** Rows that stand in the org. */
export async function countsOf(salesforce: RunningSimulator): Promise<Record<string, number>> {
  const { objects } = await salesforce.call<{ objects: Record<string, { rows: number }> }>(
    "GET",
    "digest",
  );
  const wanted = ["Account", "Contact", "Case"];
  return Object.fromEntries(wanted.map((name) => [name, objects[name]?.rows ?? 0]));
}
