import fc from "fast-check";
import { expect, test } from "vitest";
import { sourceKey } from "../../pipeline/core/source-key.ts";

/** What Dataverse's key comparison ignores: case and accents; Salesforce also trims. */
const folded = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

test("a plain id stays readable, anything else becomes 26 base32 characters", () => {
  expect(sourceKey("job", "1001")).toBe("job-1001");
  expect(sourceKey("job", "Ä 1")).toMatch(/^job-x-[a-z2-7]{26}$/);
  expect(sourceKey("job", "x-1")).toMatch(/^job-x-[a-z2-7]{26}$/);
  expect(sourceKey("job", "a".repeat(71))).toMatch(/^job-x-/);
});

test("different ids have different keys, also for a destination that folds case and accents", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      fc.pre(a !== b && a.isWellFormed() && b.isWellFormed());
      expect(folded(sourceKey("job", a))).not.toBe(folded(sourceKey("job", b)));
    }),
  );
});

test("ids that differ only in case, accents or edge blanks have different keys", () => {
  const ids = ["abc", "ABC", "Abc", "äbc", "abc ", " abc", "a\u0308bc"];
  expect(new Set(ids.map((id) => folded(sourceKey("customer", id)))).size).toBe(ids.length);
});
