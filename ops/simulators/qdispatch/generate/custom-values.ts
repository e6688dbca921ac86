import type { Draw } from "./draw.ts";

/** A custom property as the tenant keeps it: any value, and a label that need not be unique. */
export interface CustomValue {
  readonly key: string;
  readonly label: string | null;
  readonly value: unknown;
}

/** The custom properties of a record; an odd one shows one of the realities of loosely typed properties. */
export function customValues(of: Draw, odd: boolean): CustomValue[] {
  const values: CustomValue[] = [
    {
      key: "site_conditions",
      label: "Site conditions",
      value: of.pick("site", ["dry", "wet", null]),
    },
    { key: "equipment_age", label: "Equipment age", value: of.int("age", 30) },
  ];
  return odd ? [...values, ...oddValues(of)] : values;
}

function oddValues(of: Draw): CustomValue[] {
  switch (of.int("odd", 5)) {
    case 0:
      return [{ key: "equipment_age_2", label: "Equipment age", value: "12 units" }]; // same label twice
    case 1:
      return [{ key: "filters", label: "Filters", value: of.pick("type", ["12", 12, "12 units"]) }];
    case 2:
      return [{ key: "contract_level", label: "Contract level", value: "Gold (old name)" }];
    case 3:
      return [{ key: "long_label", label: "Very long label ".repeat(20).trim(), value: true }];
    default:
      return [{ key: "Id", label: "Select", value: ["a", "b"] }]; // reserved words, a list
  }
}
