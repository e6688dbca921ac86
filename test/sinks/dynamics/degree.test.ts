import { expect, test } from "vitest";
import { openDegree } from "../../../sinks/dynamics/degree.ts";
import { openUsage } from "../../../sinks/dynamics/usage.ts";

test("as many go at once as the service recommends, more as answers stay quick", () => {
  const degree = openDegree();
  degree.recommended(8);
  expect(degree.calls).toBe(8);
  for (let at = 0; at < 8; at += 1) degree.answered("read", 50, true);
  expect(degree.calls).toBe(16);
  for (let at = 0; at < 1000; at += 1) degree.answered("read", 50, true);
  expect(degree.calls).toBe(48);
});

test("what is not used does not grow", () => {
  const degree = openDegree();
  for (let at = 0; at < 100; at += 1) degree.answered("read", 50, false);
  expect(degree.calls).toBe(4);
});

test("half as many go when the service is busy, once for all refusals of a moment, never none", () => {
  const degree = openDegree();
  degree.recommended(32);
  degree.busy(10_000);
  degree.busy(10_500);
  expect(degree.calls).toBe(16);
  for (let at = 1; at < 20; at += 1) degree.busy(10_000 + at * 2000);
  expect(degree.calls).toBe(1);
});

test("answers that come late are a queue: fewer go, and growth is slow from then on", () => {
  const degree = openDegree();
  degree.recommended(16);
  degree.answered("create", 500, true);
  degree.answered("create", 4000, true);
  expect(degree.calls).toBe(12);
  for (let at = 0; at < 12; at += 1) degree.answered("create", 600, true);
  expect(degree.calls).toBe(13);
});

test("how long a read takes tells of what there is to be read, and of no queue", () => {
  const degree = openDegree();
  degree.recommended(16);
  for (const tookMs of [500, 4000, 8000]) degree.answered(undefined, tookMs, true);
  expect(degree.calls).toBe(19);
});

test("calls of another kind may take longer", () => {
  const degree = openDegree();
  degree.answered("read", 5, true);
  degree.answered("create", 5000, true);
  expect(degree.calls).toBeGreaterThanOrEqual(4);
});

test("what is left is what the service says, and comes back when its window has passed", () => {
  const usage = openUsage(300);
  usage.heard(1000, { requests: 5990, ms: 1_150_000 });
  expect(usage.left(2000)).toEqual({ requests: 5990, ms: 1_150_000 });
  expect(usage.freeAt(2000, { requests: 100, ms: 1_200_000 })).toBe(302_000);
  expect(usage.left(302_500)).toEqual({ requests: 6000, ms: 1_200_000 });
});

test("what others use of the same user counts, and a limit above the published one is learnt", () => {
  const usage = openUsage(300);
  expect(usage.heard(0, { requests: 7999, ms: 1_200_000 })).toBe(0);
  expect(usage.left(0).requests).toBe(7999);
  expect(usage.heard(1000, { requests: 7000, ms: 900_000 })).toBe(300_000);
  // The service has forgotten some of it.
  usage.heard(2000, { requests: 7500, ms: 1_000_000 });
  expect(usage.left(2000)).toEqual({ requests: 7500, ms: 1_000_000 });
});
