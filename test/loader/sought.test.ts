import { expect, test } from "vitest";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { SoughtRows } from "../../sinks/loader/sought.ts";
import type { Held, Taken } from "../../sinks/loader/taken.ts";

const plan = { object: "contact", find: { by: ["email"] } } as unknown as ObjectPlan;
const fields = (at: number) => ({ content: () => ({ fields: { email: `${at}@x.example` } }) });
const held = (count: number): readonly Held[] =>
  Array.from({ length: count }, (_, at) => {
    const record = { key: `contact-${at}`, changed: [] };
    const newest = { plan, record, stored: fields(at) } as unknown as Taken;
    return { newest } as unknown as Held;
  });
/** Whether a look has its rows without waiting. */
const isAtOnce = (look: Promise<unknown>): Promise<boolean> =>
  Promise.race([look.then(() => true), new Promise<false>((no) => setImmediate(() => no(false)))]);

test("many rows that come soon behind a look share the next one, and none is left out", async () => {
  const sought = new SoughtRows(new AbortController().signal);
  expect(sought.add(plan, held(500))).toBe(true);
  expect((await sought.take(plan)).sought).toHaveLength(500);
  expect(sought.add(plan, held(500))).toBe(true);
  const next = sought.take(plan);
  expect(await isAtOnce(next)).toBe(false);
  expect(sought.add(plan, held(2600))).toBe(false);
  const { sought: rows, rest } = await next;
  expect([rows.length, rest]).toEqual([3000, true]);
  expect(await sought.take(plan)).toMatchObject({ sought: { length: 100 }, rest: false });
  expect(sought.add(plan, held(1))).toBe(true);
});

test("few rows are looked for at once, with the fields their rule looks by", async () => {
  const sought = new SoughtRows(new AbortController().signal);
  sought.add(plan, held(200));
  await sought.take(plan);
  sought.add(plan, held(3));
  const look = sought.take(plan);
  expect(await isAtOnce(look)).toBe(true);
  expect((await look).sought[2]?.row.fields).toEqual({ email: "2@x.example" });
});
