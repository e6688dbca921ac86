import { guidOf } from "../identifier.ts";
import type { ColumnDef, OneToManyDef, TableDef } from "../model.ts";
import { type ColumnDraft, decimal, integer, plain, readOnly, text, time } from "./columns.ts";
import { idOf, oneToMany } from "./relationship.ts";

type Owned = Pick<TableDef, "logicalName" | "entitySetName" | "ownership">;

/** The definition of a drafted column; columns of the service have the same id everywhere. */
export function columnOf(table: string, draft: ColumnDraft): ColumnDef {
  const { options, ...rest } = draft;
  const logicalName = draft.schemaName.toLowerCase();
  const choice =
    options === undefined
      ? {}
      : {
          choice: {
            metadataId: guidOf("choice", table, logicalName),
            name: `${table}_${logicalName}`,
            isGlobal: false,
            options,
          },
        };
  const metadataId = guidOf("column", table, logicalName);
  return { displayName: draft.schemaName, ...rest, metadataId, logicalName, ...choice };
}

/** A lookup column of the service itself. */
export function systemLookup(table: string, schemaName: string, target: string): ColumnDef {
  const draft = plain(schemaName, "lookup", { ...readOnly, targets: [target] });
  return columnOf(table, draft);
}

/** The columns every table has, and those that follow from who owns its rows. */
export function platformColumns({ logicalName, ownership }: Owned): ColumnDef[] {
  const drafts: ColumnDraft[] = [
    time("CreatedOn", readOnly),
    time("ModifiedOn", readOnly),
    plain("VersionNumber", "bigint", readOnly),
    integer("ImportSequenceNumber", undefined, undefined, { validForUpdate: false }),
    time("OverriddenCreatedOn", {
      format: "DateOnly",
      dateBehavior: "UserLocal",
      validForUpdate: false,
    }),
    integer("TimeZoneRuleVersionNumber", -1),
    integer("UTCConversionTimeZoneCode", -1),
  ];
  const people = ["CreatedBy", "CreatedOnBehalfBy", "ModifiedBy", "ModifiedOnBehalfBy"];
  const columns = [
    ...drafts.map((draft) => columnOf(logicalName, draft)),
    ...people.map((name) => systemLookup(logicalName, name, "systemuser")),
  ];
  if (ownership === "UserOwned") columns.push(...ownerColumns(logicalName));
  if (ownership === "OrganizationOwned")
    columns.push(systemLookup(logicalName, "OrganizationId", "organization"));
  return columns;
}

function ownerColumns(table: string): ColumnDef[] {
  const owner = plain("OwnerId", "owner", {
    targets: ["systemuser", "team"],
    required: "SystemRequired",
  });
  return [
    columnOf(table, owner),
    systemLookup(table, "OwningUser", "systemuser"),
    systemLookup(table, "OwningTeam", "team"),
    systemLookup(table, "OwningBusinessUnit", "businessunit"),
  ];
}

/** The columns of a table with amounts. */
export function moneyColumns(table: string): ColumnDef[] {
  const currency = plain("TransactionCurrencyId", "lookup", { targets: ["transactioncurrency"] });
  const rate = decimal("ExchangeRate", 12, [0.000000000001, 100_000_000_000], readOnly);
  return [columnOf(table, currency), columnOf(table, rate)];
}

/** The twin of an amount in the base currency. */
export function baseAmount(table: string, amount: ColumnDef): ColumnDef {
  const { precision = 2, min, max } = amount;
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  const extra = { IsBaseCurrency: true, CalculationOf: amount.logicalName };
  const schemaName = `${amount.schemaName}_Base`;
  return columnOf(table, {
    schemaName,
    type: "money",
    precision,
    ...bounds,
    ...readOnly,
    extra,
    custom: amount.custom ?? false,
  });
}

/** The relationships of the columns that the platform gives a table. */
export function platformRelationships(
  table: Owned & Pick<TableDef, "columns" | "custom">,
): OneToManyDef[] {
  const has = new Set(table.columns.map((column) => column.logicalName));
  return links(table)
    .filter(({ column }) => has.has(column))
    .map(({ schemaName, target, column, via = column }) =>
      oneToMany({
        schemaName,
        referencedEntity: target,
        referencedAttribute: idOf(target),
        referencingEntity: table.logicalName,
        referencingAttribute: column,
        referencingNavigation: via,
        onDelete: "NoCascade",
        custom: table.custom,
      }),
    );
}

interface Link {
  readonly schemaName: string;
  readonly target: string;
  readonly column: string;
  readonly via?: string;
}

/** An owner is one column with a relationship for each kind of owner; `owninguser` reads the same column. */
function links({ logicalName: name, entitySetName: set }: Owned): Link[] {
  const by = (column: string): Link => ({
    schemaName: `lk_${name}_${column}`,
    target: "systemuser",
    column,
  });
  return [
    ...["createdby", "createdonbehalfby", "modifiedby", "modifiedonbehalfby"].map(by),
    { schemaName: `owner_${set}`, target: "systemuser", column: "ownerid" },
    { schemaName: `owner_team_${set}`, target: "team", column: "ownerid" },
    { schemaName: `user_${name}`, target: "systemuser", column: "ownerid", via: "owninguser" },
    { schemaName: `team_${name}`, target: "team", column: "ownerid", via: "owningteam" },
    { schemaName: `business_unit_${set}`, target: "businessunit", column: "owningbusinessunit" },
    {
      schemaName: `transactioncurrency_${name}`,
      target: "transactioncurrency",
      column: "transactioncurrencyid",
    },
    { schemaName: `organization_${set}`, target: "organization", column: "organizationid" },
  ];
}

/** The column that names a table's rows. */
export function primaryName(schemaName: string, maxLength: number): ColumnDraft {
  return text(schemaName, maxLength, { required: "ApplicationRequired" });
}
