import type { Draw } from "./draw.ts";
import { type Planted, variant } from "./realities.ts";
import { iso, type World } from "./world.ts";

/** A custom property as the tenant keeps it: any value, and a label that need not be unique. */
export interface CustomValue {
  readonly key: string;
  readonly label: string | null;
  readonly value: unknown;
}

const day = 86_400_000;

/** The custom properties of a record; a planted one shows one of the realities of loosely typed properties. */
export function customValues(of: Draw, odd: Planted<string> | undefined): CustomValue[] {
  const values: CustomValue[] = [
    {
      key: "site_conditions",
      label: "Site conditions",
      value: of.pick("site", ["dry", "wet", null]),
    },
    { key: "equipment_age", label: "Equipment age", value: of.int("age", 30) },
  ];
  return odd === undefined ? values : withOdd(values, odd);
}

/** A record's properties and the odd one planted in it, which stands in place of a regular one of its key. */
export function withOdd(values: readonly CustomValue[], planted: Planted<string>): CustomValue[] {
  const odd = variant(planted, oddValues);
  return [...values.filter(({ key }) => key !== odd.key), odd];
}

/** What only jobs carry: one property of each type a tenant can define. */
export function jobProperties(world: World, of: Draw): CustomValue[] {
  const all: CustomValue[] = [
    { key: "equipment_model", label: "Equipment model", value: `M-${100 + of.int("model", 60)}` },
    { key: "under_warranty", label: "Under warranty", value: of.chance("warranty", 0.3) },
    {
      key: "installed_on",
      label: "Installed on",
      value: dateOf(world, of.int("installed", 4_000)),
    },
    { key: "next_service", label: "Next service", value: momentOf(world, of.int("service", 300)) },
    { key: "parts_used", label: "Parts used", value: partsOf(of) },
    { key: "manual", label: "Manual", value: `https://manuals.example/m${of.int("manual", 60)}` },
    { key: "filters", label: "Filters", value: filtersOf(of) },
    { key: "contract_level", label: "Contract level", value: of.pick("contract", contractLevels) },
    { key: "efficiency", label: "Efficiency", value: `0.${10 + of.int("efficiency", 90)}` },
    { key: "remarks", label: "Technician remarks", value: `Checked. ${"All well. ".repeat(40)}` },
  ];
  return all.filter(({ key }) => of.chance(`has ${key}`, key === "remarks" ? 0.03 : 0.25));
}

/** Contract levels a tenant can choose from today. */
export const contractLevels = ["Gold", "Silver", "Bronze"];

/** Parts a tenant can choose from. */
export const partNames = ["belt", "filter", "valve", "fan motor", "thermostat"];

/** The type changes by row: here a number, there a text. */
function filtersOf(of: Draw): number | string {
  const count = of.int("filters", 12);
  return of.chance("as text", 0.3) ? String(count) : count;
}

function partsOf(of: Draw): string[] {
  return [of.pick("part1", partNames), of.pick("part2", partNames)].filter(
    (part, at, all) => all.indexOf(part) === at,
  );
}

function dateOf(world: World, daysBefore: number): string {
  return iso(world.epoch - daysBefore * day).slice(0, 10);
}

function momentOf(world: World, daysAfter: number): string {
  return iso(world.epoch + daysAfter * day);
}

const oddValues: readonly CustomValue[] = [
  { key: "equipment_age_2", label: "Equipment age", value: "12 units" }, // same label twice
  { key: "filters", label: "Filters", value: "12 units" }, // 12 and "12" elsewhere
  { key: "contract_level", label: "Contract level", value: "Gold (old name)" }, // a renamed option
  { key: "long_label", label: "Very long label ".repeat(20).trim(), value: true },
  { key: "Id", label: "Select", value: ["a", "b"] }, // reserved words, a list
];
