import fc from "fast-check";
import { expect, test } from "vitest";
import type { FieldPlan, FieldType } from "../../../pipeline/core/plan.ts";
import { canonical } from "../../../sinks/canonical.ts";
import { cellOf, jsonOf } from "../../../sinks/salesforce/values.ts";

const field = (type: FieldType, scale?: number): FieldPlan =>
  scale === undefined ? { name: "F", type } : { name: "F", type, scale };
const decimals = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
    fc.integer({ min: 0, max: 99 }),
  )
  .map(([minus, whole, cents]) => `${minus ? "-" : ""}${whole}.${String(cents).padStart(2, "0")}`);

test("an amount survives every form it is written in, to the cent", () => {
  fc.assert(
    fc.property(decimals, (amount) => {
      const wanted = canonical(field("decimal", 2), amount);
      expect(canonical(field("decimal", 2), cellOf(field("decimal", 2), amount))).toBe(wanted);
      const json = JSON.stringify({ amount: jsonOf(field("decimal", 2), amount) });
      expect(canonical(field("decimal", 2), /: ?(-?[\d.]+)/.exec(json)?.[1] ?? null)).toBe(wanted);
    }),
  );
  expect(canonical(field("decimal", 2), "-0.00")).toBe("0.00");
  expect(canonical(field("decimal", 3), 1.5)).toBe("1.500");
});

test("a moment compares equal whether Salesforce writes it as REST or as Bulk does", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.integer({ min: 0, max: 999 }),
      (s, ms) => {
        const written = canonical(field("datetime"), s * 1000 + ms);
        const stored = new Date(s * 1000).toISOString();
        expect(canonical(field("datetime"), stored)).toBe(written);
        expect(canonical(field("datetime"), stored.replace("Z", "+0000"))).toBe(written);
      },
    ),
  );
});

test("texts compare as Salesforce keeps them: trimmed, empty as null, line breaks as LF", () => {
  expect(canonical(field("string"), "  a b ")).toBe("a b");
  expect(canonical(field("textarea"), "a\r\nb\rc")).toBe("a\nb\nc");
  expect(canonical(field("string"), " ")).toBe(null);
  expect(canonical(field("email"), "Ann@Example.COM")).toBe("ann@example.com");
  expect(canonical(field("multipicklist"), "Owner;Billing; Owner")).toBe("Billing;Owner");
  expect(canonical(field("boolean"), null)).toBe("false");
});
