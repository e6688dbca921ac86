import { newGuid } from "../identifier.ts";
import type { ColumnType, OneToManyDef } from "../model.ts";
import { badArgument } from "../web/api-error.ts";
import type { Call, Reply } from "../web/call.ts";
import { saidOf, type Sent } from "./column-from.ts";
import { addColumn } from "./columns.ts";
import { customize } from "./lock.ts";
import { returned, sentIn } from "./made.ts";
import { checkedName, checkSolution } from "./names.ts";
import { relationshipFrom } from "./relationship-from.ts";

/** CreateCustomerRelationships: a lookup to accounts and contacts. */
export function createCustomer(call: Call): Reply {
  return customize(call, () => createLookup(call, "customer"));
}

/** CreatePolymorphicLookupAttribute: a lookup to any tables. */
export function createPolymorphic(call: Call): Reply {
  return customize(call, () => createLookup(call, "lookup"));
}

function createLookup(call: Call, type: ColumnType): Reply {
  checkSolution(call);
  const { env } = call;
  const { Lookup, OneToManyRelationships } = sentIn(call);
  const lookup = (Lookup ?? {}) as Sent;
  const schemaName = checkedName(env, lookup["SchemaName"]);
  const given = (Array.isArray(OneToManyRelationships) ? OneToManyRelationships : []) as Sent[];
  const made = given.map((sent): OneToManyDef => {
    // There is one navigation property for each table it may point to.
    const navigation = `${schemaName}_${String(sent["ReferencedEntity"])}`;
    return relationshipFrom(env, sent, { schemaName, navigation });
  });
  const [first] = made;
  if (first === undefined) throw badArgument("The relationships of the lookup are missing.");
  const metadataId = newGuid();
  addColumn(env, env.model.known(first.referencingEntity), {
    metadataId,
    logicalName: schemaName.toLowerCase(),
    schemaName,
    type,
    custom: true,
    targets: made.map(({ referencedEntity }) => referencedEntity),
    ...saidOf(lookup, type),
  });
  for (const one of made) env.model.putRelationship(one);
  return returned(call, {
    AttributeId: metadataId,
    RelationshipIds: made.map((one) => one.metadataId),
  });
}
