import type { Environment } from "../environment.ts";
import { asGuid, newGuid } from "../identifier.ts";
import type { ManyToManyDef, OneToManyDef, RelationshipDef } from "../model.ts";
import { badArgument, badPayload, noSuchSegment } from "../web/api-error.ts";
import type { Call, Reply, Segment } from "../web/call.ts";
import { saidOf, type Sent } from "./column-from.ts";
import { addColumn, dropColumns } from "./columns.ts";
import { castOf, listOf, noDefinition, oneOf } from "./item.ts";
import { customize } from "./lock.ts";
import { made, sentIn } from "./made.ts";
import { checkedName, checkSolution } from "./names.ts";
import { cascadeFrom, manyToManyFrom, relationshipFrom } from "./relationship-from.ts";
import { relationshipItem } from "./show-table.ts";

const set = "RelationshipDefinitions";
/** `RelationshipDefinitions`, one of them, and casts of either. */
export function relationshipDefinitions(call: Call): Reply {
  const [first, cast] = call.segments;
  if (first?.key === undefined) {
    if (call.method === "POST") return customize(call, () => create(call));
    const items = call.env.model.relationships.map(relationshipItem);
    if (cast === undefined) return listOf(call, items, { set, mixed: true });
    return listOf(call, castOf(items, cast.name), { set: `${set}/${cast.name}` });
  }
  const found = relationshipAt(call.env, first);
  if (found === undefined) throw noDefinition();
  if (call.method === "DELETE") return customize(call, () => remove(call.env, found));
  if (call.method === "PUT") return customize(call, () => change(call, found));
  if (call.method !== "GET") throw noSuchSegment(set);
  return oneOf(call, relationshipItem(found), { set, mixed: cast === undefined });
}

function relationshipAt(env: Environment, segment: Segment): RelationshipDef | undefined {
  const named = segment.key?.["SchemaName"]?.text;
  const id = asGuid(segment.key?.[""]?.text ?? segment.key?.["MetadataId"]?.text ?? "");
  return env.model.relationships.find((one) => one.schemaName === named || one.metadataId === id);
}

function create(call: Call): Reply {
  checkSolution(call);
  const sent = sentIn(call);
  const type = String(sent["@odata.type"]).replace(/^#?Microsoft\.Dynamics\.CRM\./, "");
  const one =
    type === "OneToManyRelationshipMetadata"
      ? createLookup(call.env, sent, sent["Lookup"] as Sent | undefined)
      : type === "ManyToManyRelationshipMetadata"
        ? createManyToMany(call.env, sent)
        : undefined;
  if (one === undefined)
    throw badPayload("relationship", "The @odata.type of the relationship is missing.");
  return made(call, `${set}(${one.metadataId})`, relationshipItem(one));
}

function createLookup(env: Environment, sent: Sent, lookup: Sent | undefined): OneToManyDef {
  if (lookup === undefined) throw badArgument("The Lookup of the relationship is missing.");
  const schemaName = checkedName(env, lookup["SchemaName"]);
  const relationship = relationshipFrom(env, sent, { schemaName, navigation: schemaName });
  const { referencedEntity, referencingEntity } = relationship;
  addColumn(env, env.model.known(referencingEntity), {
    metadataId: newGuid(),
    logicalName: schemaName.toLowerCase(),
    schemaName,
    type: "lookup",
    custom: true,
    targets: [referencedEntity],
    ...saidOf(lookup, "lookup"),
  });
  env.model.putRelationship(relationship);
  return relationship;
}

function createManyToMany(env: Environment, sent: Sent): ManyToManyDef {
  const relationship = manyToManyFrom(env, sent);
  env.model.putRelationship(relationship);
  return relationship;
}

function change(call: Call, one: RelationshipDef): Reply {
  const sent = sentIn(call)["CascadeConfiguration"] as Sent | undefined;
  if (one.kind === "oneToMany" && sent !== undefined)
    call.env.model.putRelationship({ ...one, cascade: cascadeFrom({ ...one.cascade, ...sent }) });
  return { status: 204 };
}

function remove(env: Environment, one: RelationshipDef): Reply {
  if (one.custom !== true)
    throw badArgument(
      `The relationship '${one.schemaName}' is part of the service and cannot be deleted.`,
    );
  env.model.removeRelationship(one.schemaName);
  if (one.kind === "manyToMany") {
    env.database.sql.prepare("DELETE FROM link WHERE relationship = ?").run(one.schemaName);
    return { status: 204 };
  }
  const { referencingEntity, referencingAttribute } = one;
  const still = env.model
    .manyToOne(referencingEntity)
    .some((other) => other.referencingAttribute === referencingAttribute);
  if (!still) dropColumns(env, env.model.known(referencingEntity), [referencingAttribute]);
  return { status: 204 };
}
