import { afterAll, beforeAll, expect, test } from "vitest";
import type { Request } from "../../pipeline/core/generated/records.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { readToEnd } from "../../pipeline/kafka/reader.ts";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { requestTopic } from "../../topics/index.ts";
import { DynamicsWorld } from "./dynamics-world.ts";
import type { RunningLoader, Said } from "./migration-world.ts";

const world = new DynamicsWorld();
const [accounts, orders] = [300, 7000];
let loader: RunningLoader;

beforeAll(() => world.open());
afterAll(async () => {
  await loader.stop();
  await world.close();
  await closeWatermarks();
});

/** A request from its commit to its end, epoch ms, and the rows its rows hang on. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly parents: ReadonlySet<string>;
}

async function spansOf(object: string, parentOf: (key: string) => string): Promise<Span[]> {
  const codecs = openCodecs(world.connection);
  const [begun, over] = [new Map<string, Request>(), new Map<string, number>()];
  await readToEnd(world.connection, [requestTopic(world.migration).name], async (record) => {
    const request = await codecs.decode<Request>(record.value as Buffer);
    if (request.state === "intended") begun.set(request.request_id, request);
    else over.set(request.request_id, request.at);
  });
  return [...begun.values()].flatMap(({ request_id, at, rows, groups }): Span[] => {
    const ours = groups.filter((group) => group.object === object);
    const parents = new Set(ours.flatMap(({ entries }) => entries.map(({ key }) => parentOf(key))));
    return ours.length === 0 ? [] : [{ from: at, to: over.get(request_id) ?? 0, rows, parents }];
  });
}

const overlaps = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;

test("many rows go by full requests of one table, several at once, none of them sharing a parent", async () => {
  const parentOf = (key: string) => `customer-${Number(key.slice("job-".length)) % accounts}`;
  const said: Said[] = [];
  for (let n = 0; n < accounts; n += 1) {
    said.push({ object: "account", key: `customer-${n}`, fields: { name: `name ${n}` } });
  }
  // Orders read before their accounts would be parked, and go by requests of their own.
  await world.say(...said.splice(0));
  loader = await world.start();
  await expect.poll(() => world.passed(), { interval: 500 }).toBe(true);
  await loader.stop();
  for (let n = 0; n < orders; n += 1) {
    const fields = { qd_name: `job ${n}`, qd_account: parentOf(`job-${n}`) };
    said.push({ object: "qd_serviceorder", key: `job-${n}`, fields });
  }
  for (let at = 0; at < said.length; at += 4000) await world.say(...said.slice(at, at + 4000));
  // Calls last long enough to be seen side by side.
  await world.org.faults({
    kind: "delay",
    ms: 1000,
    on: "^POST .*qd_serviceorders.*CreateMultiple",
  });
  loader = await world.start();
  await expect.poll(() => world.passed(), { interval: 500 }).toBe(true);
  expect(await world.org.rows("qd_serviceorder")).toHaveLength(orders);
  const spans = await spansOf("qd_serviceorder", parentOf);
  const full = spans.filter(({ rows }) => rows === 1000);
  expect(full.length).toBeGreaterThanOrEqual(orders / 1000 - 2);
  expect(spans.length).toBeLessThanOrEqual(orders / 1000 + 2);
  const pairs = spans.flatMap((a, at) => spans.slice(at + 1).map((b) => [a, b] as const));
  const together = pairs.filter(([a, b]) => overlaps(a, b));
  expect(together.length).toBeGreaterThan(2);
  const share = ([a, b]: readonly [Span, Span]) => [...a.parents].some((key) => b.parents.has(key));
  expect(together.filter(share)).toEqual([]);
  // One after another they may: the check sees it.
  expect(pairs.some(share)).toBe(true);
  expect(await world.org.counted("fault_delay")).toBeLessThanOrEqual(orders / 1000 + 2);
});

test("a few changes of several tables go at once, whatever their table", async () => {
  const before = (await spansOf("account", (key) => key)).length;
  await world.say(
    { object: "account", key: "customer-0", fields: { name: "changed" } },
    { object: "qd_serviceorder", key: "job-0", fields: { qd_name: "changed" } },
    { object: "contact", key: "contact-0", fields: { lastname: "new" } },
  );
  await expect.poll(() => world.passed()).toBe(true);
  expect(await world.outcomesOf("account", "customer-0")).toEqual(["created", "updated"]);
  expect(await world.outcomesOf("contact", "contact-0")).toEqual(["created"]);
  expect((await spansOf("account", (key) => key)).length).toBe(before + 1);
});
