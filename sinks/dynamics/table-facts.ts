import type { BulkMessage, ColumnFacts, TableFacts } from "./metadata.ts";

/** A column's definition, as far as it is looked at. */
interface Attribute {
  readonly LogicalName: string;
  readonly AttributeType: string;
  readonly AttributeTypeName?: { readonly Value: string };
  readonly MaxLength?: number | null;
  readonly MinValue?: number | null;
  readonly MaxValue?: number | null;
  readonly Precision?: number | null;
  readonly Format?: string | null;
  readonly RequiredLevel?: { readonly Value: string };
  readonly IsValidForCreate: boolean;
  readonly IsValidForUpdate: boolean;
  readonly IsValidForRead: boolean;
  readonly Targets?: readonly string[];
}

interface Option {
  readonly Value: number;
  readonly State?: number;
  readonly Label: {
    readonly UserLocalizedLabel?: { readonly Label: string } | null;
    readonly LocalizedLabels: readonly { readonly Label: string }[];
  };
}

interface Choices {
  readonly Options: readonly Option[];
}

/** What a table's definitions say. */
export interface AskedTable {
  readonly table: {
    readonly LogicalName: string;
    readonly EntitySetName: string;
    readonly PrimaryIdAttribute: string;
    readonly PrimaryNameAttribute: string | null;
    readonly Attributes: readonly Attribute[];
    readonly Keys: readonly {
      readonly LogicalName: string;
      readonly KeyAttributes: readonly string[];
      readonly EntityKeyIndexStatus: string;
    }[];
    readonly ManyToOneRelationships: readonly {
      readonly ReferencedEntity: string;
      readonly ReferencingAttribute: string;
      readonly ReferencingEntityNavigationPropertyName: string;
    }[];
  };
  readonly choices: readonly {
    readonly LogicalName: string;
    readonly OptionSet: Choices | null;
    readonly GlobalOptionSet: Choices | null;
  }[];
}

/** The type of a column in lower case, without `Type`. */
function typeOf({ AttributeTypeName, AttributeType }: Attribute): string {
  return (AttributeTypeName?.Value ?? AttributeType).replace(/Type$/, "").toLowerCase();
}

/** What is known of a table, from its definitions. */
export function tableFacts(
  { table, choices }: AskedTable,
  messages: ReadonlySet<BulkMessage>,
): TableFacts {
  const options = new Map(
    choices.map((each) => [
      each.LogicalName,
      (each.OptionSet ?? each.GlobalOptionSet)?.Options ?? [],
    ]),
  );
  const navs = new Map<string, string>();
  for (const one of table.ManyToOneRelationships) {
    const name = `${one.ReferencingAttribute} ${one.ReferencedEntity}`;
    navs.set(name, one.ReferencingEntityNavigationPropertyName);
  }
  const columns = new Map(
    table.Attributes.map((one) => [
      one.LogicalName,
      columnFacts(one, options.get(one.LogicalName)),
    ]),
  );
  return {
    logical: table.LogicalName,
    set: table.EntitySetName,
    primaryId: table.PrimaryIdAttribute,
    primaryName: table.PrimaryNameAttribute ?? "",
    columns,
    messages,
    keys: table.Keys.map((key) => ({
      name: key.LogicalName,
      columns: key.KeyAttributes,
      active: key.EntityKeyIndexStatus === "Active",
    })),
    // Users and teams are bound by one name, which none of the column's relationships has.
    nav: (column, target) =>
      columns.get(column)?.type === "owner" ? column : navs.get(`${column} ${target}`),
  };
}

function columnFacts(attribute: Attribute, options: readonly Option[] | undefined): ColumnFacts {
  const named = options?.map((option) => [labelOf(option), option] as const);
  const states = named?.filter(([, { State }]) => State !== undefined);
  return {
    name: attribute.LogicalName,
    type: typeOf(attribute),
    length: attribute.MaxLength ?? null,
    min: attribute.MinValue ?? null,
    max: attribute.MaxValue ?? null,
    precision: attribute.Precision ?? null,
    dateOnly: attribute.Format === "DateOnly",
    required: attribute.RequiredLevel?.Value === "SystemRequired",
    createable: attribute.IsValidForCreate,
    updateable: attribute.IsValidForUpdate,
    readable: attribute.IsValidForRead,
    targets: attribute.Targets ?? [],
    ...(named === undefined
      ? {}
      : {
          options: firstOf(named.map(([label, { Value }]) => [label, Value] as const)),
          labels: new Map(named.map(([label, { Value }]) => [Value, label] as const)),
        }),
    ...(states === undefined || states.length === 0
      ? {}
      : {
          states: new Map(states.map(([, option]) => [option.Value, option.State ?? 0] as const)),
        }),
  };
}

/** Of two options with one label the first is meant; both are read back as it. */
function firstOf(named: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  const options = new Map<string, number>();
  for (const [label, value] of named) if (!options.has(label)) options.set(label, value);
  return options;
}

function labelOf({ Label }: Option): string {
  return (Label.UserLocalizedLabel ?? Label.LocalizedLabels[0])?.Label ?? "";
}
