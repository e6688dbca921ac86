import { CutoverError } from "../../pipeline/core/errors.ts";
import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import type { DynamicsClient } from "./client.ts";
import {
  askFor,
  isLookup,
  type LookupTarget,
  lookupTargets,
  parentField,
  valueColumn,
} from "./lookups.ts";
import { type NamedReading, namedReading } from "./named-reading.ts";
import { type ColumnFacts, type Metadata, type TableFacts, tableOf } from "./metadata.ts";

/** What reading takes, for as long as a client is open. */
export interface ReadParts {
  readonly client: DynamicsClient;
  /** The column our source key stands in, at every table that has one. */
  readonly keyColumn: string;
}

/** How rows of a plan are read: which columns, and what each means. */
export interface RowReading {
  readonly plan: ObjectPlan;
  readonly table: TableFacts;
  readonly fields: readonly FieldReading[];
  /** `$select` and `$expand` of a query. */
  readonly query: string;
  /** Whose rows are ours: those with a source key, or under a parent that has one. */
  readonly ours: string;
  /** Rows of a page: fewer where rows may be long. */
  readonly pageRows: number;
}

/** One field of the plan as it is read. */
export interface FieldReading {
  readonly field: FieldPlan;
  readonly targets: readonly LookupTarget[];
  /** Labels by value, where it is a choice. */
  readonly labels: ReadonlyMap<number, string> | undefined;
  /** Where its value is a name the environment knows by id. */
  readonly named: NamedReading | undefined;
}

/** The service expands no more (Microsoft, "Join tables"). */
const mostExpands = 15;
/** Texts longer than this may fill the memory by the thousand. */
const longText = 4000;

/** Asks what it takes to read rows of a plan. Throws SINK_SCHEMA_MISMATCH where a column is missing. */
export async function rowReading(
  { client: { metadata }, keyColumn }: ReadParts,
  plan: ObjectPlan,
): Promise<RowReading> {
  askFor(metadata, plan);
  const table = await tableOf(metadata, plan.object);
  const fields: FieldReading[] = [];
  for (const field of plan.fields) {
    if (field.type === "file") continue;
    const column = table.columns.get(field.name);
    if (column === undefined) throw missing(table, field);
    fields.push({
      field,
      targets: await lookupTargets(metadata, table, field, keyColumn),
      labels: await labelsOf(metadata, table, column),
      named: namedReading(plan, table, field),
    });
  }
  return {
    ...{ plan, table, fields },
    query: queryOf(plan, table, fields),
    ours: await oursOf(metadata, plan, table, keyColumn),
    pageRows: plan.fields.some(({ length = 0 }) => length > longText) ? 1000 : 5000,
  };
}

/** Choices by value; how an opportunity was closed is said in numbers, by the opportunity's own states. */
async function labelsOf(
  metadata: Metadata,
  { logical }: TableFacts,
  { name, labels }: ColumnFacts,
): Promise<ReadonlyMap<number, string> | undefined> {
  if (labels !== undefined || logical !== "opportunityclose") return labels;
  const states = { opportunitystatecode: "statecode", opportunitystatuscode: "statuscode" }[name];
  if (states === undefined) return undefined;
  return (await tableOf(metadata, "opportunity")).columns.get(states)?.labels;
}

function queryOf(plan: ObjectPlan, table: TableFacts, fields: readonly FieldReading[]): string {
  const columns = new Set([table.primaryId]);
  const own = [plan.keyField, "createdon", "overriddencreatedon", "modifiedon"];
  for (const name of own) if (table.columns.has(name)) columns.add(name);
  for (const name of ["modifiedby", "modifiedonbehalfby"]) {
    if (table.columns.has(name)) columns.add(valueColumn(name));
  }
  if (table.logical === "systemuser") columns.add("isdisabled");
  if (plan.fields.some(({ type }) => type === "file")) columns.add("filesize");
  const expands = new Set<string>();
  for (const { field, targets, named } of fields) {
    for (const column of named?.columns ?? []) columns.add(column);
    for (const expand of named?.expand ?? []) expands.add(expand);
    if (named !== undefined) continue;
    columns.add(isLookup(field) ? valueColumn(field.name) : field.name);
    for (const { nav, keyColumn } of targets) {
      if (keyColumn !== undefined) expands.add(`${nav}($select=${keyColumn})`);
    }
  }
  if (expands.size > mostExpands) {
    throw new CutoverError(
      "MAPPING_INVALID",
      `${plan.object} has ${expands.size} lookups to tables with source keys; Dynamics reads at most ${mostExpands} with a row. Leave some out of the mapping.`,
    );
  }
  const select = `$select=${[...columns].join(",")}`;
  return expands.size === 0 ? select : `${select}&$expand=${[...expands].join(",")}`;
}

async function oursOf(
  metadata: Metadata,
  plan: ObjectPlan,
  table: TableFacts,
  keyColumn: string,
): Promise<string> {
  if (plan.keyField !== "") return `${plan.keyField} ne null`;
  const targets = await lookupTargets(metadata, table, parentField(plan), keyColumn);
  const keyed = targets.filter((target) => target.keyColumn !== undefined);
  if (keyed.length === 0) throw missing(table, parentField(plan));
  return `(${keyed.map(({ nav }) => `${nav}/${keyColumn} ne null`).join(" or ")})`;
}

function missing({ logical }: TableFacts, { name }: FieldPlan): CutoverError {
  return new CutoverError(
    "SINK_SCHEMA_MISMATCH",
    `The table ${logical} has no column ${name} that our user can read as the plan wants it. Create it, or grant it to our user.`,
  );
}
