import type { Environment } from "../environment.ts";
import { newGuid } from "../identifier.ts";
import type { Cascade, ManyToManyDef, OneToManyDef, TableDef } from "../model.ts";
import { ApiError, badArgument } from "../web/api-error.ts";
import type { Sent } from "./column-from.ts";
import { checkedName } from "./names.ts";

const cascades: ReadonlySet<string> = new Set([
  "NoCascade",
  "Cascade",
  "Active",
  "UserOwned",
  "RemoveLink",
  "Restrict",
]);

/** A one-to-many relationship as sent, of a lookup column with this name; throws 400 where it cannot be. */
export function relationshipFrom(
  env: Environment,
  sent: Sent,
  lookup: { readonly schemaName: string; readonly navigation: string },
): OneToManyDef {
  const schemaName = freeName(env, sent["SchemaName"]);
  const one = knownTable(env, sent["ReferencedEntity"]);
  const many = knownTable(env, sent["ReferencingEntity"]);
  return {
    kind: "oneToMany",
    metadataId: newGuid(),
    schemaName,
    custom: true,
    referencedEntity: one.logicalName,
    referencedAttribute: one.primaryId,
    referencingEntity: many.logicalName,
    referencingAttribute: lookup.schemaName.toLowerCase(),
    referencedNavigation: schemaName,
    referencingNavigation: lookup.navigation,
    cascade: cascadeFrom(sent["CascadeConfiguration"] as Sent | undefined),
    ...extraOf(sent),
  };
}

function extraOf(sent: Sent): Pick<OneToManyDef, "extra"> {
  const menu = sent["AssociatedMenuConfiguration"];
  return menu === undefined ? {} : { extra: { AssociatedMenuConfiguration: menu } };
}

/** What cascades, as sent; the rest is usual. */
export function cascadeFrom(sent: Sent = {}): OneToManyDef["cascade"] {
  const of = (name: string, usual: Cascade): Cascade => {
    const value = sent[name] ?? usual;
    if (!cascades.has(String(value)))
      throw badArgument(`'${String(value)}' is no cascade of ${name}.`);
    return value as Cascade;
  };
  return {
    Assign: of("Assign", "NoCascade"),
    Delete: of("Delete", "RemoveLink"),
    Merge: of("Merge", "NoCascade"),
    Reparent: of("Reparent", "NoCascade"),
    Share: of("Share", "NoCascade"),
    Unshare: of("Unshare", "NoCascade"),
  };
}

/** A relationship between many and many as sent. */
export function manyToManyFrom(env: Environment, sent: Sent): ManyToManyDef {
  const schemaName = freeName(env, sent["SchemaName"]);
  const intersectEntity = String(sent["IntersectEntityName"] ?? schemaName).toLowerCase();
  return {
    kind: "manyToMany",
    metadataId: newGuid(),
    schemaName,
    custom: true,
    entity1: knownTable(env, sent["Entity1LogicalName"]).logicalName,
    entity2: knownTable(env, sent["Entity2LogicalName"]).logicalName,
    intersectEntity,
    navigation1: String(sent["Entity1NavigationPropertyName"] ?? schemaName),
    navigation2: String(sent["Entity2NavigationPropertyName"] ?? schemaName),
  };
}

function freeName(env: Environment, given: unknown): string {
  const name = checkedName(env, given, 100);
  const taken = env.model.relationships.some(
    (one) => one.schemaName.toLowerCase() === name.toLowerCase(),
  );
  if (!taken) return name;
  throw new ApiError(400, "0x8004432B", `A relationship with the name ${name} already exists.`);
}

function knownTable(env: Environment, name: unknown): TableDef {
  const table = env.model.table(String(name));
  if (table === undefined)
    throw badArgument(`The entity with a name = '${String(name)}' was not found.`);
  return table;
}
