import { expect, test } from "vitest";
import { OffsetTracker } from "../../sinks/loader/offsets.ts";

const at = (offset: number) => [{ topic: "t", partition: 0, offset }];

test("the commit never passes a record that has not ended, and passes markers when all have", () => {
  const offsets = new OffsetTracker();
  expect(offsets.committable(at(0))).toEqual(at(0));
  offsets.committed(at(0));
  for (const offset of [0, 1, 3]) offsets.taken("t", 0, offset);
  offsets.ended("t", 0, 1);
  offsets.ended("t", 0, 3);
  expect(offsets.committable(at(5))).toEqual([]);
  offsets.ended("t", 0, 0);
  expect(offsets.outstanding).toBe(0);
  expect(offsets.committable(at(5))).toEqual(at(5));
  offsets.committed(at(5));
  expect(offsets.committable(at(5))).toEqual([]);
});

test("tens of thousands of records that end in any order leave nothing behind", () => {
  const offsets = new OffsetTracker();
  for (let n = 0; n < 20_000; n += 1) offsets.taken("t", 0, n * 2);
  for (let n = 19_999; n >= 1; n -= 1) offsets.ended("t", 0, n * 2);
  expect(offsets.committable(at(40_000))).toEqual(at(0));
  offsets.ended("t", 0, 0);
  offsets.ended("t", 0, 0);
  offsets.taken("t", 0, 40_000);
  expect(offsets.committable(at(40_001))).toEqual(at(40_000));
  expect(offsets.outstanding).toBe(1);
});
