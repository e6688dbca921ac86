import type { TableDef } from "../model.ts";
import { columnOfProperty, navigationsOf } from "../query/row-source.ts";
import { columnReader } from "../query/read-value.ts";
import { isLookup, type LookupValue, type Row, type Values } from "../rows/row.ts";
import {
  associate,
  type Collection,
  collectionOf,
  dissociate,
  membersOf,
} from "../write/navigation.ts";
import { draftOf } from "../write/payload.ts";
import { lookupTo, needRow, referenceOf, rowAddressOf } from "../write/reference.ts";
import { factsOf } from "../write/table-facts.ts";
import { writerOf } from "../write/writer.ts";
import { ApiError, badQuery, noSuchSegment } from "./api-error.ts";
import type { Call, Reply, Segment } from "./call.ts";
import { readReply } from "./entity.ts";
import { fileReply } from "./file-column.ts";
import { createReply } from "./entity-set.ts";
import { listReply } from "./list.ts";

interface Target {
  readonly call: Call;
  readonly table: TableDef;
  readonly row: Row;
  readonly segment: Segment;
  /** What follows: nothing, `$ref`, `$value` or `$count`. */
  readonly tail: string | undefined;
}

/** Answers a call to a property of one row: a column, a lookup, or a collection. */
export function propertyReply(
  call: Call,
  owner: Segment,
  segment: Segment,
  tail: string | undefined,
): Reply {
  const address = rowAddressOf(call.env, owner);
  const { table } = address;
  const target = { call, table, row: needRow(call.env, address), segment, tail };
  const column = columnOfProperty(table, segment.name);
  if (column?.type === "file") return fileReply({ ...target, column });
  if (column !== undefined) return columnReply(target);
  const collection = collectionOf(call.env.model, table, segment.name);
  if (collection !== undefined)
    return tail === "$ref" ? memberReply(target, collection) : collectionReply(target, collection);
  const lookup = lookupColumn(call, table, segment.name);
  if (lookup === undefined) throw noSuchSegment(segment.name);
  return tail === "$ref" ? lookupReply(target, lookup) : parentReply(target, lookup);
}

function lookupColumn(call: Call, table: TableDef, name: string): string | undefined {
  const column = factsOf(table).columns.get(name);
  if (column?.type === "owner") return name;
  return navigationsOf(call.env, table, name)[0]?.referencingAttribute;
}

function columnReply({ call, table, row, segment, tail }: Target): Reply {
  const column = columnOfProperty(table, segment.name);
  if (column === undefined) throw noSuchSegment(segment.name);
  if (call.method === "PUT" || call.method === "DELETE") {
    const value =
      call.method === "PUT" ? (call.body as { value?: unknown } | undefined)?.value : null;
    const draft = draftOf(call, table, { [segment.name]: value ?? null }, "update");
    writerOf(call.env, call.caller).update(row, draft.values);
    return { status: 204 };
  }
  if (call.method !== "GET") throw notAllowed(call);
  const value = columnReader(call.env, table, column)(row);
  const plain = isLookup(value) ? value.id : value;
  if (plain === null) return { status: 204 };
  if (tail === "$value")
    return { status: 200, text: String(plain), headers: { "content-type": "text/plain" } };
  const context = `${call.base}/$metadata#${table.entitySetName}(${row.id})/${segment.name}`;
  return { status: 200, json: { "@odata.context": context, value: plain }, rows: 0 };
}

function collectionReply(target: Target, collection: Collection): Reply {
  const { call, row, segment, tail } = target;
  const table = call.env.model.known(collection.target);
  if (segment.key !== undefined && Object.keys(segment.key).length > 0) {
    const id = memberId(target, collection);
    return readReply(call, table, writerOf(call.env, call.caller).read(collection.target, id));
  }
  const within = (): Iterable<Row> => membersOf(call.env, row.id, collection);
  if (tail === "$count")
    return {
      status: 200,
      text: String([...within()].length),
      headers: { "content-type": "text/plain" },
    };
  if (call.method === "GET") return listReply(call, table, within);
  if (call.method !== "POST" || collection.kind !== "oneToMany") throw notAllowed(call);
  const lookup: Values = {
    [collection.relationship.referencingAttribute]: { table: row.table, id: row.id },
  };
  return createReply(call, table, lookup);
}

function memberReply(target: Target, collection: Collection): Reply {
  const { call, row } = target;
  const writer = writerOf(call.env, call.caller);
  if (call.method === "DELETE") {
    dissociate(writer, row, collection, memberId(target, collection));
    return { status: 204 };
  }
  if (call.method !== "POST" && call.method !== "PUT") throw notAllowed(call);
  associate(writer, row, collection, referenced(target, [collection.target]));
  return { status: 204 };
}

/** The member in the address: in the brackets, or in `?$id=`. */
function memberId({ call, segment }: Target, collection: Collection): string {
  const { env } = call;
  const { entitySetName } = env.model.known(collection.target);
  const named = call.query.get("$id");
  const address =
    named === undefined
      ? rowAddressOf(env, { ...segment, name: entitySetName })
      : referenceOf(call, named);
  return needRow(env, address).id;
}

function lookupReply(target: Target, column: string): Reply {
  const { call, table, row, segment } = target;
  const writer = writerOf(call.env, call.caller);
  if (call.method === "DELETE") {
    writer.update(row, { [column]: null });
    return { status: 204 };
  }
  if (call.method !== "PUT" && call.method !== "POST") throw notAllowed(call);
  const targets =
    factsOf(table).columns.get(column)?.type === "owner"
      ? ["systemuser", "team"]
      : navigationsOf(call.env, table, segment.name).map((one) => one.referencedEntity);
  writer.update(row, { [column]: referenced(target, targets) });
  return { status: 204 };
}

function referenced({ call, table, segment }: Target, targets: readonly string[]): LookupValue {
  const text = (call.body as { "@odata.id"?: unknown } | undefined)?.["@odata.id"];
  if (typeof text !== "string") throw badQuery("The payload has no @odata.id.");
  return lookupTo(call, { table, navigation: segment.name, targets, text });
}

function parentReply({ call, row }: Target, column: string): Reply {
  if (call.method !== "GET") throw notAllowed(call);
  const value = row.values[column];
  if (!isLookup(value)) return { status: 204 };
  const parent = writerOf(call.env, call.caller).read(value.table, value.id);
  return readReply(call, call.env.model.known(value.table), parent);
}

function notAllowed(call: Call): ApiError {
  return new ApiError(
    405,
    "0x80060888",
    `The HTTP verb ${call.method} used is not supported for this resource.`,
  );
}
