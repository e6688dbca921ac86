import type { CustomFieldType } from "../../../pipeline/mapping/target-field.ts";

/** What the Metadata API calls the type of a custom field (Metadata API guide, "FieldType"). */
export const metadataTypes: Readonly<Record<CustomFieldType, string>> = {
  text: "Text",
  long_text: "LongTextArea",
  number: "Number",
  money: "Currency",
  checkbox: "Checkbox",
  date: "Date",
  datetime: "DateTime",
  choice: "Picklist",
  multi_choice: "MultiselectPicklist",
  lookup: "Lookup",
  email: "Email",
  phone: "Phone",
  url: "Url",
};
