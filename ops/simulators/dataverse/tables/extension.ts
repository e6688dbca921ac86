import type { Extension, TableRules } from "../extension.ts";
import { attachments, manyToMany, standardTables } from "./all.ts";
import { closeResources } from "./close-opportunity.ts";
import { invoicePricingResources } from "./invoice-pricing.ts";
import { noteBlockResources } from "./note-blocks.ts";
import { activityTables } from "./relationship.ts";
import { activityRules, partyRules, pointerRules } from "./rules/activity.ts";
import { annotationRules, organizationRules } from "./rules/annotation.ts";
import { addressRules } from "./rules/customer-address.ts";
import { fullNameRules, leadRules } from "./rules/full-name.ts";
import { lineRules } from "./rules/line.ts";
import { invoiceRules, opportunityRules } from "./rules/opportunity.ts";
import { ownershipRules } from "./rules/ownership.ts";
import { seedTables } from "./seed.ts";

const rules = new Map<string, TableRules>([
  ["*", ownershipRules],
  ["account", addressRules],
  ["contact", { ...addressRules, ...both(addressRules, fullNameRules) }],
  ["lead", leadRules],
  ["systemuser", fullNameRules],
  ["opportunity", opportunityRules],
  [
    "opportunityproduct",
    lineRules({ parent: "opportunityid", name: "opportunityproductname", closedStates: [1, 2] }),
  ],
  ["invoice", invoiceRules],
  [
    "invoicedetail",
    lineRules({ parent: "invoiceid", name: "invoicedetailname", closedStates: [2] }),
  ],
  ["annotation", annotationRules],
  ["organization", organizationRules],
  ["activitypointer", pointerRules],
  ["activityparty", partyRules],
  ...[...activityTables].map((table) => [table, activityRules] as const),
]);

/** The rules of two that both look at a row before it is written. */
function both(first: TableRules, second: TableRules): TableRules {
  return {
    beforeCreate(writer, table, values) {
      first.beforeCreate?.(writer, table, values);
      second.beforeCreate?.(writer, table, values);
    },
    beforeUpdate(writer, before, changes) {
      first.beforeUpdate?.(writer, before, changes);
      second.beforeUpdate?.(writer, before, changes);
    },
  };
}

/** The standard tables, what is special about their rows, their actions and their first rows. */
export const tablesExtension: Extension = {
  tables: standardTables.map(({ table }) => table),
  relationships: [
    ...standardTables.flatMap(({ table, relationships }) => [
      ...relationships,
      ...attachments(table),
    ]),
    ...manyToMany,
  ],
  rules,
  resources: [...closeResources, ...noteBlockResources, ...invoicePricingResources],
  seed: seedTables,
};
