import { join } from "node:path";
import { expect, test } from "vitest";
import { derivations } from "../../ops/migration/derivations.ts";
import { compilePlan } from "../../pipeline/mapping/compile.ts";
import type { GivenSettings } from "../../pipeline/mapping/settings.ts";

const mappings = join(import.meta.dirname, "../../pipeline/mapping");

function derived(destination: "salesforce" | "dynamics", settings: GivenSettings = {}) {
  const folder = join(mappings, destination);
  return derivations(compilePlan({ folder, settings, destination, hash: "the-plan" }));
}

const nothing = { work: false, mergedLines: false, visits: false, zones: false };

test("a plan that reads nothing derived has nothing derived, and pays for nothing", () => {
  expect(derived("salesforce")).toEqual(nothing);
});

test("what a plan's settings make it read is derived, and only that", () => {
  const rows = { edition: "enterprise", lines: "rows" } as const;
  expect(derived("dynamics", rows)).toMatchObject({ work: false, mergedLines: false });
  expect(derived("dynamics", { ...rows, lines: "merged" })).toMatchObject({ mergedLines: true });
  for (const customers_without_work of ["historical", "lead"] as const) {
    expect(derived("dynamics", { ...rows, customers_without_work })).toMatchObject({ work: true });
  }
  expect(derived("dynamics", rows)).toMatchObject({ visits: true, zones: true });
});
