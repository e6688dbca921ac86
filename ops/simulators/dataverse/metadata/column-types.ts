import type { ColumnType } from "../model.ts";

/** What metadata calls a type of column: AttributeType, AttributeTypeName, and the type of its definition. */
export interface TypeNames {
  readonly code: string;
  readonly name: string;
  readonly definition: string;
}

function names(
  code: string,
  name = `${code}Type`,
  definition = `${code}AttributeMetadata`,
): TypeNames {
  return { code, name, definition };
}

/** The names of every type of column. */
export const typeNames: Readonly<Record<ColumnType, TypeNames>> = {
  uniqueidentifier: names("Uniqueidentifier", undefined, "UniqueIdentifierAttributeMetadata"),
  string: names("String"),
  memo: names("Memo"),
  integer: names("Integer"),
  bigint: names("BigInt"),
  decimal: names("Decimal"),
  double: names("Double"),
  money: names("Money"),
  datetime: names("DateTime"),
  boolean: names("Boolean"),
  picklist: names("Picklist"),
  multiselect: names("Virtual", "MultiSelectPicklistType", "MultiSelectPicklistAttributeMetadata"),
  state: names("State"),
  status: names("Status"),
  lookup: names("Lookup"),
  customer: names("Customer", undefined, "LookupAttributeMetadata"),
  owner: names("Owner", undefined, "LookupAttributeMetadata"),
  partylist: names("PartyList", undefined, "LookupAttributeMetadata"),
  entityname: names("EntityName"),
  image: names("Virtual", "ImageType", "ImageAttributeMetadata"),
  file: names("Virtual", "FileType", "FileAttributeMetadata"),
  virtual: names("Virtual", "VirtualType", "AttributeMetadata"),
};

/** Types a client may make by their definition's name; `CreateEntities` writes `Complex` before it. */
export function typeOfDefinition(odataType: unknown): ColumnType | undefined {
  const definition = String(odataType)
    .replace(/^#?Microsoft\.Dynamics\.CRM\./, "")
    .replace(/^Complex/, "");
  const found = Object.entries(typeNames).find(
    ([, one]) => one.definition === definition && definition !== "AttributeMetadata",
  );
  return found?.[0] as ColumnType | undefined;
}
