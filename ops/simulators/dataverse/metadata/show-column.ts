import type { Environment } from "../environment.ts";
import type { ChoiceDef, ColumnDef, TableDef } from "../model.ts";
import { typeNames } from "./column-types.ts";
import type { Item } from "./item.ts";
import { labelOf, managed } from "./labels.ts";
import { booleanItem, choiceItem } from "./show-choice.ts";

/** A column as metadata shows it. */
export function columnItem(env: Environment, table: TableDef, column: ColumnDef): Item {
  const { code, name, definition } = typeNames[column.type];
  const { logicalName, schemaName, custom = false, required = "None" } = column;
  return {
    type: definition,
    properties: {
      ...column.extra,
      MetadataId: column.metadataId,
      EntityLogicalName: table.logicalName,
      LogicalName: logicalName,
      SchemaName: schemaName,
      AttributeType: code,
      AttributeTypeName: { Value: name },
      AttributeOf: column.attributeOf ?? null,
      DisplayName: labelOf(column.displayName),
      Description: labelOf(column.description),
      RequiredLevel: managed(required, "canmodifyrequirementlevelsettings"),
      IsPrimaryId: logicalName === table.primaryId,
      IsPrimaryName: logicalName === table.primaryName,
      IsCustomAttribute: custom,
      IsManaged: false,
      IsLogical: column.type === "virtual",
      IsSecured: column.extra?.["IsSecured"] === true,
      IsValidForCreate: column.validForCreate ?? true,
      IsValidForUpdate: column.validForUpdate ?? true,
      IsValidForRead: column.validForRead ?? true,
      IsValidODataAttribute: true,
      IsCustomizable: managed(true, "iscustomizable"),
      IsValidForAdvancedFind: managed(true, "canmodifysearchsettings"),
      IsAuditEnabled: managed(true, "canmodifyauditsettings"),
      AutoNumberFormat: column.type === "string" ? (column.autoNumberFormat ?? "") : null,
      ...ofType(env, table, column),
    },
    navigation: navigationOf(env, column),
  };
}

function ofType(env: Environment, table: TableDef, column: ColumnDef): object {
  const { maxLength = null, min = null, max = null, precision = null, format = null } = column;
  switch (column.type) {
    case "string":
      return {
        MaxLength: maxLength,
        Format: format,
        FormatName: { Value: format ?? "Text" },
        IsLocalizable: false,
      };
    case "memo":
      return { MaxLength: maxLength, Format: format, FormatName: { Value: format ?? "TextArea" } };
    case "integer":
    case "bigint":
      return { MinValue: min, MaxValue: max, Format: format ?? "None" };
    case "decimal":
    case "double":
    case "money":
      return { MinValue: min, MaxValue: max, Precision: precision };
    case "datetime":
      return { Format: format, DateTimeBehavior: { Value: column.dateBehavior ?? "UserLocal" } };
    case "boolean":
      return { DefaultValue: column.default === true };
    case "picklist":
    case "multiselect":
    case "status":
    case "state":
      return { DefaultFormValue: typeof column.default === "number" ? column.default : -1 };
    case "lookup":
    case "customer":
    case "owner":
      return { Targets: targetsOf(env, table, column) };
    default:
      return {};
  }
}

/** Where a lookup may point: as its relationships say, for tables that came later have theirs, too. */
export function targetsOf(env: Environment, table: TableDef, column: ColumnDef): string[] {
  const own = env.model
    .manyToOne(table.logicalName)
    .filter((one) => one.referencingAttribute === column.logicalName)
    .map((one) => one.referencedEntity);
  return [...new Set([...(column.targets ?? []), ...own])];
}

function navigationOf(env: Environment, column: ColumnDef): Item["navigation"] {
  const global =
    column.globalChoice === undefined ? undefined : env.model.choice(column.globalChoice);
  const own = column.choice;
  const kind = column.type === "state" ? "State" : column.type === "status" ? "Status" : "Picklist";
  const item = (choice: ChoiceDef | undefined): Item | null =>
    choice === undefined ? null : choiceItem(choice, kind);
  if (column.type === "boolean")
    return {
      OptionSet: () => (own === undefined ? null : booleanItem(own)),
      GlobalOptionSet: () => null,
    };
  if (own === undefined && column.globalChoice === undefined) return {};
  return { OptionSet: () => item(own), GlobalOptionSet: () => item(global) };
}
