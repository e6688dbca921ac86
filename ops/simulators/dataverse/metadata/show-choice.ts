import type { ChoiceDef, OptionDef } from "../model.ts";
import type { Item } from "./item.ts";
import { labelOf, managed } from "./labels.ts";

/** A choice as metadata shows it. */
export function choiceItem(choice: ChoiceDef, optionSetType = "Picklist"): Item {
  const { metadataId, name, isGlobal, options, displayName, custom = false } = choice;
  return {
    type: "OptionSetMetadata",
    properties: {
      "@odata.type": "#Microsoft.Dynamics.CRM.OptionSetMetadata",
      MetadataId: metadataId,
      Name: name,
      DisplayName: labelOf(displayName ?? name),
      Description: labelOf(undefined),
      IsGlobal: isGlobal,
      IsCustomOptionSet: custom,
      IsManaged: false,
      IsCustomizable: managed(true, "iscustomizable"),
      OptionSetType: optionSetType,
      Options: options.map((option) => shownOption(option, optionSetType)),
    },
    navigation: {},
  };
}

/** The two options of a yes-or-no column. */
export function booleanItem(choice: ChoiceDef): Item {
  const { metadataId, name, options } = choice;
  const option = (value: number): object =>
    shownOption(
      options.find((one) => one.value === value) ?? { value, label: String(value) },
      "Boolean",
    );
  return {
    type: "BooleanOptionSetMetadata",
    properties: {
      MetadataId: metadataId,
      Name: name,
      IsGlobal: false,
      OptionSetType: "Boolean",
      TrueOption: option(1),
      FalseOption: option(0),
    },
    navigation: {},
  };
}

function shownOption(option: OptionDef, optionSetType: string): object {
  const type = optionSetType === "Picklist" || optionSetType === "Boolean" ? "" : optionSetType;
  return {
    ...(type === "" ? {} : { "@odata.type": `#Microsoft.Dynamics.CRM.${type}OptionMetadata` }),
    Value: option.value,
    Label: labelOf(option.label),
    Description: labelOf(undefined),
    Color: option.color ?? null,
    IsManaged: false,
    ExternalValue: "",
    ...(option.state === undefined ? {} : { State: option.state }),
    ...(type === "State" ? { InvariantName: option.label.replaceAll(" ", "") } : {}),
  };
}
