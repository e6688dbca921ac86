import { asGuid } from "../identifier.ts";
import type { TableDef } from "../model.ts";
import { attachments } from "../tables/all.ts";
import { badArgument, noSuchSegment } from "../web/api-error.ts";
import type { Call, Reply, Segment } from "../web/call.ts";
import type { Sent } from "./column-from.ts";
import { columnsReply, inUse } from "./columns.ts";
import { createTable } from "./create-table.ts";
import { listOf, noDefinition, oneOf } from "./item.ts";
import { keysReply } from "./keys.ts";
import { textOfLabel, valueOfManaged } from "./labels.ts";
import { customize } from "./lock.ts";
import { made, returned, sentIn } from "./made.ts";
import { checkSolution } from "./names.ts";
import { tableItem } from "./show-table.ts";

const set = "EntityDefinitions";

/** `EntityDefinitions`, one table, and what is below it. */
export function entityDefinitions(call: Call): Reply {
  const { env, segments, method } = call;
  const [first, second] = segments;
  if (first?.key === undefined) {
    if (method === "POST") return customize(call, () => create(call));
    return listOf(
      call,
      env.model.tables.map((table) => tableItem(env, table)),
      { set },
    );
  }
  const table = tableAt(call, first);
  if (second?.name === "Attributes") return columnsReply(call, table, segments.slice(1));
  if (second?.name === "Keys") return keysReply(call, table, segments.slice(1));
  if (second !== undefined) return belowTable(call, table, second.name);
  if (method === "PUT") return customize(call, () => change(call, table));
  if (method === "DELETE") return customize(call, () => remove(call, table));
  return oneOf(call, tableItem(env, table), { set });
}

function belowTable(call: Call, table: TableDef, name: string): Reply {
  const found = name.endsWith("Relationships")
    ? tableItem(call.env, table).navigation[name]?.()
    : undefined;
  if (found === undefined || found === null || !("length" in found)) throw noSuchSegment(name);
  return listOf(call, found, { set: `${set}('${table.logicalName}')/${name}` });
}

function tableAt({ env }: Call, segment: Segment): TableDef {
  const named = segment.key?.["LogicalName"]?.text;
  const id = asGuid(segment.key?.[""]?.text ?? segment.key?.["MetadataId"]?.text ?? "");
  const table =
    named === undefined
      ? env.model.tables.find((one) => one.metadataId === id)
      : env.model.table(named);
  if (table === undefined) throw noDefinition();
  return table;
}

function create(call: Call): Reply {
  checkSolution(call);
  const table = createTable(call.env, sentIn(call));
  return made(call, `${set}(${table.metadataId})`, tableItem(call.env, table));
}

/** CreateEntities: several tables in one call, all or none, as Microsoft's Python client makes them. */
export function createEntities(call: Call): Reply {
  return customize(call, () => {
    checkSolution(call);
    const given = sentIn(call)["Entities"];
    const tables = (Array.isArray(given) ? (given as Sent[]) : []).map((one) =>
      createTable(call.env, one),
    );
    return returned(call, { EntityIds: tables.map((table) => table.metadataId) });
  });
}

/** Changes names and switches; notes and activities can be switched on but never off. */
function change(call: Call, table: TableDef): Reply {
  const sent = sentIn(call);
  const wanted = (name: string, before: boolean): boolean => {
    const value = valueOfManaged(sent[name]);
    if (before && value === false) throw badArgument(`${name} cannot be switched off again.`);
    return before || value === true;
  };
  const changed: TableDef = {
    ...table,
    displayName: textOfLabel(sent["DisplayName"]) ?? table.displayName,
    displayCollectionName:
      textOfLabel(sent["DisplayCollectionName"]) ?? table.displayCollectionName,
    hasNotes: wanted("HasNotes", table.hasNotes),
    hasActivities: wanted("HasActivities", table.hasActivities),
    changeTracking: sent["ChangeTrackingEnabled"] === true || table.changeTracking === true,
  };
  call.env.model.putTable(changed);
  const known = new Set(call.env.model.relationships.map(({ schemaName }) => schemaName));
  for (const one of attachments(changed, table.custom))
    if (!known.has(one.schemaName)) call.env.model.putRelationship(one);
  return { status: 204 };
}

function remove({ env }: Call, table: TableDef): Reply {
  if (!table.custom)
    throw badArgument(
      `The table '${table.logicalName}' is part of the service and cannot be deleted.`,
    );
  const others = env.model
    .oneToMany(table.logicalName)
    .filter(
      ({ referencingEntity: many }) =>
        many !== table.logicalName && env.model.table(many)?.isActivity !== true,
    )
    .filter(({ referencingEntity: many }) => many !== "annotation");
  if (others.length > 0) throw inUse(`table '${table.logicalName}'`);
  for (const key of table.keys) env.keys.drop(key);
  env.model.removeTable(table.logicalName);
  return { status: 204 };
}
