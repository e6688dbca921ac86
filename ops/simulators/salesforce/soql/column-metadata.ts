import { type Field, numberTypes, textTypes } from "../schema/field.ts";
import { isAggregate } from "./aggregate.ts";
import { columnOf, type Column } from "./column.ts";
import type { Prepared } from "./prepare.ts";
import { columnsOf } from "./render.ts";

/** One column as `?columns=true` describes it; a parent's fields stand in `joinColumns`. */
interface ColumnMetadata {
  readonly aggregate: boolean;
  readonly apexType: string;
  readonly booleanType: boolean;
  readonly columnName: string;
  readonly custom: boolean;
  readonly displayName: string;
  readonly foreignKeyName: string | null;
  readonly insertable: boolean;
  readonly joinColumns: ColumnMetadata[];
  readonly numberType: boolean;
  readonly textType: boolean;
  readonly updatable: boolean;
}

const apexTypes: Partial<Record<Field["type"], string>> = {
  id: "Id",
  reference: "Id",
  boolean: "Boolean",
  int: "Integer",
  double: "Double",
  currency: "Double",
  percent: "Double",
  date: "Date",
  datetime: "Datetime",
  base64: "Blob",
};

/** What `?columns=true` answers instead of rows. */
export function metadataOf(prepared: Prepared): object {
  const { query, object } = prepared;
  const groups = isAggregate(prepared);
  const columns = groups ? aggregateColumns(prepared) : plainColumns(prepared);
  return {
    columnMetadata: columns,
    entityName: object.name,
    groupBy: query.groupBy.length > 0,
    idSelected: columns.some(({ columnName }) => columnName === "Id"),
    keyPrefix: object.keyPrefix,
  };
}

function plainColumns(prepared: Prepared): ColumnMetadata[] {
  const top: ColumnMetadata[] = [];
  for (const column of columnsOf(prepared)) {
    let list = top;
    for (const hop of column.hops) {
      const name = hop.relationshipName ?? "";
      let parent = list.find(({ columnName }) => columnName === name);
      if (parent === undefined) {
        parent = { ...describe(hop, name), foreignKeyName: hop.name };
        list.push(parent);
      }
      list = parent.joinColumns;
    }
    list.push(describe(column.field, column.field.name));
  }
  for (const item of prepared.query.select) {
    if (item.kind !== "children") continue;
    top.push({ ...computed(item.query.from, undefined, false), apexType: "List" });
  }
  return top;
}

function aggregateColumns(prepared: Prepared): ColumnMetadata[] {
  let unnamed = 0;
  return prepared.query.select.flatMap((item) => {
    if (item.kind === "field") {
      const column = columnOf(prepared.scope, item.path);
      if (column.fn === undefined) return [describe(column.field, item.alias ?? column.field.name)];
      return [computed(item.alias ?? `expr${unnamed++}`, column, true)];
    }
    if (item.kind !== "aggregate") return [];
    const column = item.of.path && columnOf(prepared.scope, item.of.path);
    return [computed(item.alias ?? `expr${unnamed++}`, column, true)];
  });
}

function describe(field: Field, name: string): ColumnMetadata {
  const { type, custom, createable, updateable } = field;
  return {
    aggregate: false,
    apexType: apexTypes[type] ?? "String",
    booleanType: type === "boolean",
    columnName: name,
    custom,
    displayName: name,
    foreignKeyName: null,
    insertable: createable,
    joinColumns: [],
    numberType: numberTypes.has(type),
    textType: textTypes.has(type),
    updatable: updateable,
  };
}

function computed(name: string, column: Column | undefined, aggregate: boolean): ColumnMetadata {
  const numeric = column === undefined || numberTypes.has(column.field.type);
  return {
    aggregate,
    apexType: numeric ? "Integer" : (apexTypes[column.field.type] ?? "String"),
    booleanType: false,
    columnName: name,
    custom: false,
    displayName: name,
    foreignKeyName: null,
    insertable: false,
    joinColumns: [],
    numberType: numeric,
    textType: false,
    updatable: false,
  };
}
