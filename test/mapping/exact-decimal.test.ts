import * as fc from "fast-check";
import { expect, test } from "vitest";
import { exactDecimal, roundedDecimal } from "../../pipeline/mapping/exact-decimal.ts";
import { Fault } from "../../pipeline/mapping/rules/rule.ts";

/** A decimal as units of its last place. */
function units(text: string, scale: number): bigint {
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const size = BigInt(whole + fraction.padEnd(scale, "0"));
  return text.startsWith("-") ? -size : size;
}

test("every amount that fits comes out worth exactly the same", () => {
  const amount = fc.tuple(
    fc.bigInt(-(10n ** 18n) + 1n, 10n ** 18n - 1n),
    fc.integer({ min: 0, max: 6 }),
  );
  fc.assert(
    fc.property(amount, ([value, scale]) => {
      const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
      const cut = digits.length - scale;
      const text = `${value < 0n ? "-" : ""}00${digits.slice(0, cut)}.${digits.slice(cut)}`;
      const result = exactDecimal(text, 18, scale);
      expect(typeof result === "string" ? units(result, scale) : result).toBe(value);
    }),
  );
});

test("what would need rounding, more digits or another reading is a fault", () => {
  for (const text of [
    "0.001",
    "1e5",
    "",
    "-",
    ".",
    "1,000.00",
    "NaN",
    "0x10",
    "99999999999999999",
  ]) {
    expect(exactDecimal(text, 18, 2)).toBeInstanceOf(Fault);
  }
});

test("trailing zeros, signs and negative zero have one spelling", () => {
  const spelt = ["1.500", "+1.5", " 01.50 ", "-0.00", ".5"].map((text) =>
    exactDecimal(text, 18, 2),
  );
  expect(spelt).toEqual(["1.50", "1.50", "1.50", "0.00", "0.50"]);
});

test("a position is rounded half away from zero", () => {
  const rounded = ["42.3594999999", "-71.0000005", "0.0000004", "9.9999995"].map((text) =>
    roundedDecimal(text, 9, 6),
  );
  expect(rounded).toEqual(["42.359500", "-71.000001", "0.000000", "10.000000"]);
});
