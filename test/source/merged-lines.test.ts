import fc from "fast-check";
import { expect, test } from "vitest";
import type { LineItem } from "../../pipeline/core/generated/records.ts";
import { mergedLines } from "../../pipeline/source/merged-lines.ts";
import { aLineItem } from "../builders.ts";

const usd = (amount: string) => ({ amount, currency: "USD" });

const line = (id: string, changes: Partial<LineItem> = {}): LineItem =>
  aLineItem({ id, job_id: "7", quantity: "1", total: usd("0.10"), tax: null, ...changes });

test("lines that differ in quantity and amounts only are one, with exact sums", () => {
  const [merged, ...others] = mergedLines("7", [
    line("1", { position: 2, quantity: "1.5", total: usd("0.1") }),
    line("2", { position: 1, quantity: "0.125", total: usd("0.20") }),
    line("3", { position: 3, quantity: "2", total: usd("9007199254740993.03") }),
  ]);
  expect(others).toEqual([]);
  expect(merged).toMatchObject({
    ...{ job_id: "7", position: 1, quantity: "3.625", lines_count: 3, line_ids: ["1", "2", "3"] },
    total: usd("9007199254740993.33"),
  });
});

test("whatever makes a line another one keeps it apart", () => {
  const different: readonly Partial<LineItem>[] = [
    {},
    { kind: "other" },
    { sku: "other" },
    { service_type: "other" },
    { description: "other" },
    { unit: "other" },
    { taxable: null },
    { unit_price: usd("0.01") },
    { unit_price: null },
    { unit_price: { amount: "0.01", currency: "EUR" } },
    { total: { amount: "0.10", currency: "EUR" } },
    { total: null },
    { tax: usd("0.01") },
    { quantity: null },
    { quantity: "a few" },
    { quantity: "a few" },
  ];
  const lines = different.map((changes, at) => line(String(at), changes));
  expect(mergedLines("7", lines)).toHaveLength(different.length);
});

test("a price is the same price however many zeros it ends with", () => {
  const prices = ["12.5", "12.50", "12.500"];
  const lines = prices.map((amount, at) => line(String(at), { unit_price: usd(amount) }));
  expect(mergedLines("7", lines)).toHaveLength(1);
});

test("the same lines give the same records in whatever order they come, and another job's others", () => {
  const lines = ["1", "2", "3", "4"].map((id) =>
    line(id, { sku: Number(id) % 2 ? "odd" : "even" }),
  );
  const merged = mergedLines("7", lines);
  const ids = (all: typeof merged) => all.map(({ id }) => id).sort();
  const again = mergedLines("7", lines.toReversed());
  expect(again).toEqual(merged);
  const elsewhere = ids(mergedLines("8", lines));
  expect(ids(merged).filter((id) => elsewhere.includes(id))).toEqual([]);
});

test("merging loses no cent and no line, whatever the lines", () => {
  const one = fc.record({
    price: fc.integer({ min: 0, max: 3 }),
    cents: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
    kind: fc.constantFrom("part", "labor"),
  });
  const money = (cents: bigint): string => {
    const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
    return `${cents < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };
  const centsOf = (amount: string): bigint => BigInt(amount.replace(".", ""));
  fc.assert(
    fc.property(fc.array(one, { maxLength: 40 }), (all) => {
      const lines = all.map(({ price, cents, kind }, at) =>
        line(String(at), { kind, unit_price: usd(String(price)), total: usd(money(cents)) }),
      );
      const merged = mergedLines("7", lines);
      const sum = merged.reduce((total, each) => total + centsOf(each.total?.amount ?? ""), 0n);
      expect(sum).toBe(all.reduce((total, { cents }) => total + cents, 0n));
      expect(merged.reduce((total, each) => total + each.lines_count, 0)).toBe(all.length);
      expect(merged.flatMap((each) => each.line_ids).sort()).toEqual(
        lines.map(({ id }) => id).sort(),
      );
    }),
  );
});
