import type { CustomField } from "../../../pipeline/mapping/target-field.ts";
import type { ExpectedTable } from "./expected.ts";
import { kindOf } from "./kinds.ts";
import { keyNameOf, labelOf, relationshipNameOf, schemaNameOf } from "./names.ts";

/** What every definition of an environment is made with. */
export interface Making {
  /** Language of labels, by its code. */
  readonly language: number;
  /** The publisher's prefix, without `_`. */
  readonly prefix: string;
  /** The first option value of the publisher's choices. */
  readonly firstOption: number;
}

type Json = Readonly<Record<string, unknown>>;

const crm = "Microsoft.Dynamics.CRM.";
/** The name column's length where the plan does not fill it. */
const nameLength = 200;

/** A label in one language. */
export function labelled({ language }: Making, text: string): Json {
  return { LocalizedLabels: [{ Label: text, LanguageCode: language }] };
}

/** A custom table with its name column alone. */
export function tableDefinition(making: Making, expected: ExpectedTable): Json {
  const { name, declared, notes, activities } = expected;
  const label = declared?.label ?? labelOf(name);
  const named = primaryNameOf(making);
  const own = expected.custom.find((field) => field.name === named);
  const primary =
    own ?? ({ name: named, type: "text", label: "Name", length: nameLength } as const);
  return {
    "@odata.type": `${crm}EntityMetadata`,
    SchemaName: schemaNameOf(name, label),
    DisplayName: labelled(making, label),
    DisplayCollectionName: labelled(making, declared?.plural ?? `${label}s`),
    OwnershipType: "UserOwned",
    IsActivity: false,
    HasNotes: notes,
    HasActivities: activities,
    Attributes: [{ ...columnDefinition(making, primary), IsPrimaryName: true }],
  };
}

/** The column that names a custom table's rows: a table is made with it. */
export function primaryNameOf({ prefix }: Making): string {
  return `${prefix}_name`;
}

/** A column; a lookup comes with its relationship instead. */
export function columnDefinition(making: Making, field: CustomField): Json {
  const { made, length, places, widest, format, behaviour } = kindOf(field);
  const label = field.label ?? labelOf(field.name);
  return defined({
    "@odata.type": `${crm}${made}AttributeMetadata`,
    SchemaName: schemaNameOf(field.name, field.label),
    DisplayName: labelled(making, label),
    RequiredLevel: { Value: "None", CanBeChanged: true },
    MaxLength: length,
    ...(made === "DateTime" ? { Format: format } : formatName(format)),
    Precision: places,
    // The column's own places, not those of the currency.
    PrecisionSource: made === "Money" ? 0 : undefined,
    MinValue: widest === undefined ? undefined : -widest,
    MaxValue: widest,
    DateTimeBehavior: behaviour === undefined ? undefined : { Value: behaviour },
    ...choiceOf(making, made, field),
  });
}

/** A lookup column with the relationship it comes from. */
export function lookupDefinition(making: Making, table: string, field: CustomField): Json {
  const { name, label, referenceTo = "", relationshipName, deleteConstraint } = field;
  return {
    "@odata.type": `${crm}OneToManyRelationshipMetadata`,
    SchemaName: relationshipName ?? relationshipNameOf(table, name, referenceTo),
    ReferencedEntity: referenceTo,
    ReferencingEntity: table,
    CascadeConfiguration: {
      Delete: deleteConstraint === "set_null" ? "RemoveLink" : "Restrict",
      ...{ Assign: "NoCascade", Merge: "NoCascade", Reparent: "NoCascade" },
      ...{ Share: "NoCascade", Unshare: "NoCascade" },
    },
    Lookup: {
      "@odata.type": `${crm}LookupAttributeMetadata`,
      SchemaName: schemaNameOf(name, label),
      DisplayName: labelled(making, label ?? labelOf(name)),
      RequiredLevel: { Value: "None", CanBeChanged: true },
    },
  };
}

/** The alternate key of one column. */
export function keyDefinition(making: Making, column: string): Json {
  const name = keyNameOf(column);
  return {
    SchemaName: name,
    DisplayName: labelled(making, labelOf(name)),
    KeyAttributes: [column],
  };
}

function choiceOf(making: Making, made: string, { values = [] }: CustomField): Json {
  if (made === "Boolean") {
    const option = (Value: number, text: string): Json => ({
      Value,
      Label: labelled(making, text),
    });
    return {
      DefaultValue: false,
      OptionSet: { TrueOption: option(1, "Yes"), FalseOption: option(0, "No") },
    };
  }
  if (!made.endsWith("Picklist")) return {};
  const Options = values.map((text, at) => ({
    Value: making.firstOption + at,
    Label: labelled(making, text),
  }));
  const type = { "@odata.type": `${crm}OptionSetMetadata`, OptionSetType: "Picklist" };
  return { OptionSet: { ...type, IsGlobal: false, Options } };
}

function formatName(format: string | undefined): Json {
  return format === undefined ? {} : { FormatName: { Value: format } };
}

function defined(elements: Json): Json {
  return Object.fromEntries(Object.entries(elements).filter(([, value]) => value !== undefined));
}
