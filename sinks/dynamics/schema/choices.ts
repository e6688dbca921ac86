import type { CustomField } from "../../../pipeline/mapping/target-field.ts";
import type { DynamicsClient } from "../client.ts";
import { definitionOf, readDefinition } from "./described.ts";

/** The options of a choice column. */
export interface DescribedChoice {
  /** Name of the global choice it takes its options from; undefined where they are its own. */
  readonly global: string | undefined;
  readonly options: readonly { readonly value: number; readonly label: string }[];
}

type Json = Readonly<Record<string, unknown>>;

const casts = ["PicklistAttributeMetadata", "MultiSelectPicklistAttributeMetadata"];
const shown =
  "$select=LogicalName&$expand=OptionSet($select=Name,IsGlobal,Options),GlobalOptionSet($select=Name,IsGlobal,Options)";

/** The choices of a table by column; asked only where the plan has a choice there. */
export async function describeChoices(
  client: DynamicsClient,
  table: string,
  expected: readonly CustomField[],
): Promise<ReadonlyMap<string, DescribedChoice>> {
  const choices = new Map<string, DescribedChoice>();
  if (!expected.some(({ values }) => values !== undefined)) return choices;
  for (const cast of casts) {
    const path = `${definitionOf(table)}/Attributes/Microsoft.Dynamics.CRM.${cast}?${shown}`;
    const list = await readDefinition(client, path);
    for (const each of (list?.["value"] ?? []) as readonly Json[]) {
      choices.set(String(each["LogicalName"]), choiceOf(each));
    }
  }
  return choices;
}

/** Labels of the plan that no option of the column has. */
export function missingValues(
  { values = [] }: CustomField,
  choice: DescribedChoice | undefined,
): readonly string[] {
  const there = new Set(choice?.options.map(({ label }) => label));
  return values.filter((value) => !there.has(value));
}

function choiceOf(column: Json): DescribedChoice {
  const set = (column["OptionSet"] ?? column["GlobalOptionSet"] ?? {}) as Json;
  const options = ((set["Options"] ?? []) as readonly Json[]).map((option) => ({
    value: Number(option["Value"]),
    label: labelIn(option["Label"]),
  }));
  return { global: set["IsGlobal"] === true ? String(set["Name"]) : undefined, options };
}

/** A label in our user's language, as reading rows shows it. */
function labelIn(label: unknown): string {
  const { UserLocalizedLabel: own, LocalizedLabels: all } = (label ?? {}) as {
    readonly UserLocalizedLabel?: { readonly Label?: string } | null;
    readonly LocalizedLabels?: readonly { readonly Label?: string }[];
  };
  return own?.Label ?? all?.[0]?.Label ?? "";
}
