import type { EnvironmentClient } from "../dataverse/environment-client.ts";

/** A label as clients send it. */
export function label(text: string): object {
  return { LocalizedLabels: [{ Label: text, LanguageCode: 1033 }] };
}

/** The definition of a column of a type. */
export function column(type: string, SchemaName: string, more: object = {}): object {
  return {
    "@odata.type": `Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
    SchemaName,
    DisplayName: label(SchemaName),
    RequiredLevel: { Value: "None" },
    ...more,
  };
}

/** The definition of a table with its primary name column. */
export function table(SchemaName: string, more: object = {}): object {
  const name = { MaxLength: 100, FormatName: { Value: "Text" }, IsPrimaryName: true };
  return {
    "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
    SchemaName,
    DisplayName: label(SchemaName),
    DisplayCollectionName: label(`${SchemaName}s`),
    OwnershipType: "UserOwned",
    HasNotes: true,
    HasActivities: true,
    IsActivity: false,
    Attributes: [column("String", "qd_Name", name)],
    ...more,
  };
}

/** Makes the publisher whose prefix is `qd`. */
export async function addPublisher(client: EnvironmentClient): Promise<void> {
  await client.create("publishers", {
    uniquename: "cutover",
    friendlyname: "Cutover",
    customizationprefix: "qd",
    customizationoptionvalueprefix: 41_000,
  });
}

/** The address of a table's definition. */
export function definition(logicalName: string): string {
  return `EntityDefinitions(LogicalName='${logicalName}')`;
}
