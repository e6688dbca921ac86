import type { Environment } from "../environment.ts";
import { newGuid } from "../identifier.ts";
import type { ColumnDef, TableDef } from "../model.ts";
import { attachments } from "../tables/all.ts";
import { activeOrNot, plain, stateColumns } from "../tables/columns.ts";
import { columnOf, platformColumns, platformRelationships } from "../tables/platform-columns.ts";
import { ApiError, badArgument, notImplemented } from "../web/api-error.ts";
import { columnFrom, type Sent } from "./column-from.ts";
import { withFileName } from "./file-name.ts";
import { textOfLabel, valueOfManaged } from "./labels.ts";
import { withMoney } from "./money-columns.ts";
import { checkedName } from "./names.ts";
import { pluralOf } from "./plural.ts";

/** So many custom tables an app of the Professional licence may have; the real API does not enforce it. */
const professionalTables = 15;

/** Makes a table with its columns and everything the platform adds. */
export function createTable(env: Environment, sent: Sent): TableDef {
  const schemaName = checkedName(env, sent["SchemaName"]);
  const logicalName = schemaName.toLowerCase();
  if (env.model.table(logicalName) !== undefined) {
    const message = `The entity with the name ${logicalName} already exists. Specify a unique name.`;
    throw new ApiError(400, "0x8004700b", message);
  }
  refuseBeyondLicence(env);
  if (sent["IsActivity"] === true) throw notImplemented("A custom activity table");
  const table = tableFrom(env, sent, { schemaName, logicalName });
  env.model.putTable(table);
  for (const one of [...platformRelationships(table), ...attachments(table, true)])
    env.model.putRelationship(one);
  return table;
}

function refuseBeyondLicence(env: Environment): void {
  if (env.settings.current().tier !== "professional") return;
  if (env.model.tables.filter(({ custom }) => custom).length < professionalTables) return;
  throw new ApiError(
    403,
    "0x80040220",
    `Simulator only: the Professional licence allows ${professionalTables} custom tables per app.`,
  );
}

function tableFrom(
  env: Environment,
  sent: Sent,
  { schemaName, logicalName }: { schemaName: string; logicalName: string },
): TableDef {
  const given = (Array.isArray(sent["Attributes"]) ? sent["Attributes"] : []) as Sent[];
  const own = given.map((one) => columnFrom(env, logicalName, one));
  const name = own[given.findIndex((one) => one["IsPrimaryName"] === true)];
  if (name?.type !== "string")
    throw badArgument("A table needs a primary name column of type String.");
  const ownership = ownershipOf(sent);
  const displayName = textOfLabel(sent["DisplayName"]) ?? schemaName;
  const description = textOfLabel(sent["Description"]);
  const entitySetName = pluralOf(logicalName);
  const elastic = sent["TableType"] === "Elastic";
  const platform = platformColumns({ logicalName, entitySetName, ownership });
  const table: TableDef = {
    metadataId: newGuid(),
    logicalName,
    schemaName,
    entitySetName: freeSet(env, entitySetName),
    primaryId: `${logicalName}id`,
    primaryName: name.logicalName,
    objectTypeCode: nextTypeCode(env),
    displayName,
    displayCollectionName: textOfLabel(sent["DisplayCollectionName"]) ?? `${displayName}s`,
    ...(description === undefined ? {} : { description }),
    custom: true,
    ownership,
    isActivity: false,
    hasNotes: valueOfManaged(sent["HasNotes"]) === true,
    hasActivities: valueOfManaged(sent["HasActivities"]) === true,
    changeTracking: sent["ChangeTrackingEnabled"] === true,
    ...(elastic ? { elastic } : {}),
    columns: distinct([
      idColumn(logicalName),
      ...own.flatMap((column) => withFileName(logicalName, column)),
      ...states(logicalName),
      ...platform,
    ]),
    keys: [],
    messages: [
      "CreateMultiple",
      "UpdateMultiple",
      "UpsertMultiple",
      ...(elastic ? ["DeleteMultiple" as const] : []),
    ],
  };
  return withMoney(table);
}

function ownershipOf(sent: Sent): TableDef["ownership"] {
  const said = sent["OwnershipType"] ?? "UserOwned";
  if (said === "UserOwned" || said === "OrganizationOwned") return said;
  throw badArgument(`The ownership type '${String(said)}' is not supported.`);
}

function idColumn(table: string): ColumnDef {
  const more = { required: "SystemRequired", validForUpdate: false } as const;
  return columnOf(table, plain(`${table}id`, "uniqueidentifier", more));
}

function states(table: string): ColumnDef[] {
  return stateColumns(activeOrNot).map((draft) => columnOf(table, draft));
}

function distinct(columns: readonly ColumnDef[]): ColumnDef[] {
  const seen = new Set<string>();
  return columns.filter(({ logicalName }) => {
    if (seen.has(logicalName)) throw columnExists(logicalName);
    seen.add(logicalName);
    return true;
  });
}

/** 400: the table has a column of this name. */
export function columnExists(name: string): ApiError {
  const message = `An attribute with the specified name ${name} already exists.`;
  return new ApiError(400, "0x80047013", message);
}

function freeSet(env: Environment, name: string): string {
  let free = name;
  for (let number = 2; env.model.tableOfSet(free) !== undefined; number += 1)
    free = `${name}${number}`;
  return free;
}

function nextTypeCode(env: Environment): number {
  const codes = env.model.tables.filter(({ custom }) => custom).map((one) => one.objectTypeCode);
  return Math.max(10_000, ...codes) + 1;
}
