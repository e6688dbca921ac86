import { expect, test } from "vitest";
import { Budget } from "../../pipeline/source/budget.ts";

const signal = new AbortController().signal;

/** A clock that moves when somebody waits. */
function fakeClock() {
  const clock = {
    at: 0,
    now: () => clock.at,
    wait: async (ms: number) => {
      clock.at += ms;
    },
  };
  return clock;
}

const settings = {
  share: 0.5,
  concurrency: 2,
  budgets: [] as { count: number; interval: number }[],
};

test("every window holds at once, and only our share of it is used", async () => {
  const clock = fakeClock();
  const budgets = [
    { count: 4, interval: 1000 },
    { count: 12, interval: 10_000 },
  ];
  const budget = new Budget({ ...settings, budgets }, clock);
  const times: number[] = [];
  for (let call = 0; call < 8; call++) {
    (await budget.take(signal))();
    times.push(clock.at);
  }
  expect(times).toEqual([0, 0, 1000, 1000, 2000, 2000, 10_000, 10_000]);
});

test("no more calls are in flight than allowed", async () => {
  const budget = new Budget(settings, fakeClock());
  const first = await budget.take(signal);
  await budget.take(signal);
  let third = false;
  const waiting = budget.take(signal).then(() => {
    third = true;
  });
  await Promise.resolve();
  expect(third).toBe(false);
  first();
  await waiting;
});

test("a pause the source asks for, or a window others have used up, holds everyone", async () => {
  const clock = fakeClock();
  const headers = { remaining: "left", reset: "at", reset_format: "epoch_seconds" } as const;
  const budgets = [{ count: 10, interval: 60_000 }];
  const budget = new Budget({ ...settings, budgets, headers }, clock);
  budget.block(700);
  (await budget.take(signal))();
  expect(clock.at).toBe(700);
  const said: Record<string, string> = { left: "5", at: "1003" };
  budget.heed({ header: (name) => said[name], serverTime: 1_000_000 });
  (await budget.take(signal))();
  expect(clock.at).toBe(3700);
});
