import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nameOf } from "../../pipeline/mapping/rules/split-name.ts";

test.each([
  [["Ada", "Baker", "Ada Baker"], { first: "Ada", last: "Baker" }],
  [[null, "d'Angelo", null], { first: null, last: "d'Angelo" }],
  [[null, null, "Ana  María Lopez"], { first: "Ana María", last: "Lopez" }],
  [[null, null, "Null"], { first: null, last: "Null" }],
  [["Cher", null, null], { first: null, last: "Cher" }],
  [[" ", "", "\t"], { first: null, last: null }],
] as const)("the name %j is split into %j", ([first, last, display], expected) => {
  expect(nameOf(first, last, display)).toEqual(expected);
});

test("whoever has any name has a last name", () => {
  const part = fc.option(fc.string(), { nil: null });
  fc.assert(
    fc.property(part, part, part, (first, last, display) => {
      const named = [first, last, display].some((text) => (text ?? "").trim() !== "");
      expect(nameOf(first, last, display).last !== null).toBe(named);
    }),
  );
});
