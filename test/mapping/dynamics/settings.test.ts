import { expect, test } from "vitest";
import { dynamics } from "../../../pipeline/mapping/destinations/dynamics.ts";
import type { GivenSettings } from "../../../pipeline/mapping/settings.ts";
import { dynamicsPlan } from "./mapped-rows.ts";

const editions = ["enterprise", "professional"] as const;

/** Sales Professional allows no more custom tables. */
const mostTables = 15;

/** The defaults of an edition, and each other value of each setting by itself. */
function eachSetting(edition: (typeof editions)[number]): GivenSettings[] {
  const others = Object.entries(dynamics("qd").settings(edition)).flatMap(([name, values]) =>
    name === "edition" ? [] : values.slice(1).map((value): GivenSettings => ({ [name]: value })),
  );
  expect(others.length).toBeGreaterThan(8);
  return [{}, ...others].map((settings) => ({ ...settings, edition }));
}

test.each(editions)("the mappings compile for %s under every value of every setting", (edition) => {
  for (const settings of eachSetting(edition)) {
    const { plan, customTables } = dynamicsPlan(settings);
    const tables = new Set(plan.objects.map(({ object }) => object));
    expect(tables.has("qd_serviceorder")).toBe(edition === "enterprise");
    expect(tables.has("opportunityclose")).toBe(edition === "professional");
    if (edition === "professional") expect(customTables.size).toBeLessThanOrEqual(mostTables);
  }
});

test("even with a table for everything that can have one, Professional's 15 are not reached", () => {
  const { customTables } = dynamicsPlan({
    edition: "professional",
    shared_contacts: "relations",
    crew: "rows",
    schedule: "blocks",
    notes: "table",
  });
  expect([...customTables.keys()].sort()).toEqual([
    "qd_contactlink",
    "qd_jobtechnician",
    "qd_scheduleblock",
    "qd_servicenote",
  ]);
});

test("tables by edition: five custom ones of Enterprise, none of Professional", () => {
  const tables = (settings: GivenSettings) => [
    ...new Set(dynamicsPlan(settings).plan.objects.map(({ object }) => object)),
  ];
  const common = "account annotation appointment contact email phonecall systemuser task".split(
    " ",
  );
  expect(tables({}).sort()).toEqual(
    [
      ...common,
      ...["qd_invoice", "qd_jobtechnician", "qd_payment", "qd_serviceline", "qd_serviceorder"],
    ].sort(),
  );
  expect(tables({ edition: "professional" }).sort()).toEqual(
    [...common, "opportunity", "opportunityclose", "opportunityproduct"].sort(),
  );
});

test("an opportunity is closed when everything that hangs on it is there", () => {
  for (const settings of eachSetting("professional")) {
    const { waves } = dynamicsPlan(settings).plan;
    expect(waves.at(-1)).toEqual(["opportunityclose"]);
    const after = waves.findIndex((wave) => wave.includes("opportunity"));
    for (const child of ["opportunityproduct", "annotation", "phonecall", "task"]) {
      expect(waves.findIndex((wave) => wave.includes(child))).toBeGreaterThan(after);
    }
  }
});

test("every table that takes columns holds the source key and the source's own id", () => {
  for (const edition of editions) {
    for (const { object, identity, keyField, idField } of dynamicsPlan({ edition }).plan.objects) {
      const takes = object !== "annotation" && object !== "opportunityclose";
      expect([object, identity === "primary_key"]).toEqual([object, !takes]);
      expect([object, keyField, idField]).toEqual(
        takes ? [object, "qd_sourcekey", "qd_sourcesystemid"] : [object, "", ""],
      );
    }
  }
});

test("what is derived at the source is read only where a setting asks for it", () => {
  const reads = (settings: GivenSettings, entity: string) =>
    dynamicsPlan(settings).reads.get(entity) ?? new Set<string>();
  expect(reads({}, "customer").has("work_open")).toBe(false);
  expect(reads({ customers_without_work: "historical" }, "customer").has("work_open")).toBe(true);
  expect(reads({}, "job").has("appointments")).toBe(true);
  expect(reads({ schedule: "blocks" }, "job").has("appointments")).toBe(false);
  expect(reads({ lines: "merged" }, "line_item").size).toBe(0);
  expect(reads({ lines: "merged" }, "merged_line").has("quantity")).toBe(true);
});
