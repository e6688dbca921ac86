import type { ManyToManyDef, OneToManyDef } from "../model.ts";
import { guidOf } from "../identifier.ts";
import { appointment, email, opportunityClose, phoneCall, task } from "./activities.ts";
import { activityParty, activityPointer } from "./activity-parties.ts";
import { annotation } from "./annotation.ts";
import { priceLevel, product, productPriceLevel } from "./catalogue.ts";
import { customerAddress } from "./customer-address.ts";
import { account, contact } from "./customers.ts";
import type { Standard } from "./define.ts";
import { invoice, invoiceDetail } from "./invoice.ts";
import { lead } from "./lead.ts";
import { opportunity } from "./opportunity.ts";
import { opportunityProduct } from "./opportunity-product.ts";
import { organization, territory, transactionCurrency } from "./organization.ts";
import { businessUnit, role, systemUser, team } from "./principals.ts";
import { activityTables, annotated, regarding } from "./relationship.ts";
import { publisher, solution } from "./solutions.ts";
import { uom, uomSchedule } from "./units.ts";

/** Every standard table. */
export const standardTables: readonly Standard[] = [
  account,
  contact,
  customerAddress,
  lead,
  opportunity,
  opportunityProduct,
  opportunityClose,
  invoice,
  invoiceDetail,
  product,
  priceLevel,
  productPriceLevel,
  uom,
  uomSchedule,
  annotation,
  task,
  phoneCall,
  appointment,
  email,
  activityPointer,
  activityParty,
  systemUser,
  team,
  businessUnit,
  role,
  transactionCurrency,
  territory,
  organization,
  publisher,
  solution,
];

/** What may regard or annotate a table that has activities or notes: for standard tables, and for each custom one as it is made. */
export function attachments(
  table: { logicalName: string; hasActivities: boolean; hasNotes: boolean },
  custom = false,
): OneToManyDef[] {
  const { logicalName, hasActivities, hasNotes } = table;
  const activities = hasActivities ? [...activityTables, "activitypointer"] : [];
  return [
    ...activities.map((activity) => regarding(activity, logicalName, custom)),
    ...(hasNotes ? [annotated(logicalName, custom)] : []),
  ];
}

/** Relationships between many and many of the service itself. */
export const manyToMany: readonly ManyToManyDef[] = [
  between("systemuserroles_association", "systemuserroles", ["systemuser", "role"]),
  between("teamroles_association", "teamroles", ["team", "role"]),
  between("teammembership_association", "teammembership", ["team", "systemuser"]),
];

function between(
  schemaName: string,
  intersectEntity: string,
  [entity1, entity2]: readonly [string, string],
): ManyToManyDef {
  return {
    kind: "manyToMany",
    metadataId: guidOf("relationship", schemaName),
    schemaName,
    entity1,
    entity2,
    intersectEntity,
    navigation1: schemaName,
    navigation2: schemaName,
  };
}
