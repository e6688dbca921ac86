import type { Row } from "../truth/row.ts";
import { contractLevels, partNames } from "./custom-values.ts";
import { daysAgo, idOf, iso, type World } from "./world.ts";

interface Definition {
  readonly key: string;
  readonly label: string;
  readonly type: string;
  readonly options?: readonly string[];
  readonly required?: boolean;
}

/** What the tenant says its job properties are; planted values do not keep to it. */
const definitions: readonly Definition[] = [
  { key: "site_conditions", label: "Site conditions", type: "picklist", options: ["dry", "wet"] },
  { key: "equipment_age", label: "Equipment age", type: "integer", required: true },
  { key: "equipment_age_2", label: "Equipment age", type: "text" },
  { key: "equipment_model", label: "Equipment model", type: "text" },
  { key: "under_warranty", label: "Under warranty", type: "boolean" },
  { key: "installed_on", label: "Installed on", type: "date" },
  { key: "next_service", label: "Next service", type: "datetime" },
  { key: "parts_used", label: "Parts used", type: "multi_picklist", options: partNames },
  { key: "manual", label: "Manual", type: "url" },
  { key: "filters", label: "Filters", type: "integer" },
  { key: "contract_level", label: "Contract level", type: "picklist", options: contractLevels },
  { key: "efficiency", label: "Efficiency", type: "number" },
  { key: "remarks", label: "Technician remarks", type: "long_text" },
  { key: "long_label", label: "Very long label ".repeat(20).trim(), type: "boolean" },
  { key: "Id", label: "Select", type: "multi_picklist", options: ["a", "b"] },
];

/** The definitions of a tenant's custom job properties, in their order. */
export function propertyDefinitions(world: World): Row[] {
  return definitions.map((definition, index) => {
    const at = iso(daysAgo(world, 900, index * 1_000));
    return {
      id: idOf(index),
      created_at: at,
      updated_at: at,
      active: true,
      entity: "job",
      key: definition.key,
      label: definition.label,
      type: definition.type,
      options: definition.options ?? [],
      required: definition.required ?? false,
      inferred: false,
    };
  });
}
