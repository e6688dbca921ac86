import type { CustomField } from "../../../pipeline/mapping/target-field.ts";
import type { DynamicsClient } from "../client.ts";
import { catalogueFindings } from "./check-catalogue.ts";
import { columnFaults, impossible } from "./check-column.ts";
import { environmentFindings } from "./check-environment.ts";
import { keyFindings } from "./check-keys.ts";
import { rightsFindings } from "./check-rights.ts";
import { tableFindings, tableMissing } from "./check-table.ts";
import { type DescribedChoice, describeChoices } from "./choices.ts";
import { type DescribedTable, describeTable } from "./described.ts";
import { type ExpectedTable, expectedTables, type SchemaPlan } from "./expected.ts";
import type { DynamicsFinding } from "./finding.ts";
import type { SchemaOptions } from "./options.ts";

/** Everything an environment lacks for a plan, as our users see it: each finding that does not warn blocks. */
export async function checkSchema(
  client: DynamicsClient,
  compiled: SchemaPlan,
  options: SchemaOptions,
): Promise<readonly DynamicsFinding[]> {
  const expected = expectedTables(compiled);
  const found = new Map<string, DescribedTable>();
  for (const { name } of expected) {
    const table = await describeTable(client, name);
    if (table !== undefined) found.set(name, table);
  }
  const findings = await environmentFindings(client, expected, options);
  for (const each of expected) {
    const table = found.get(each.name);
    findings.push(...each.custom.flatMap((field) => impossibleFindings(each, field)));
    if (table === undefined) {
      findings.push(tableMissing(each));
      continue;
    }
    const choices = await describeChoices(client, each.name, each.custom);
    findings.push(
      ...tableFindings(each, table, (name) => found.has(name)),
      ...each.custom.flatMap((field) => customFindings(each, field, table, choices)),
      ...keyFindings(each, table),
    );
  }
  return [
    ...findings,
    ...(await catalogueFindings(client, options)),
    ...(await rightsFindings(client, expected, found, options)),
  ];
}

function impossibleFindings({ name }: ExpectedTable, field: CustomField): DynamicsFinding[] {
  return impossible(field).map((fault) => ({ object: name, field: field.name, ...fault }));
}

function customFindings(
  { name: object }: ExpectedTable,
  field: CustomField,
  table: DescribedTable,
  choices: ReadonlyMap<string, DescribedChoice>,
): DynamicsFinding[] {
  const column = table.columns.get(field.name);
  const at = { object, field: field.name } as const;
  if (column !== undefined) {
    return columnFaults(field, column, choices.get(field.name)).map((fault) => ({
      ...at,
      ...fault,
    }));
  }
  const remedy = `create the column on ${object}`;
  const is = { expected: describedField(field), found: "no such column" };
  return [{ problem: "field_missing", ...at, ...is, remedy, creatable: true }];
}

function describedField({ type, length, precision, scale, referenceTo, values }: CustomField) {
  const parts = [
    type,
    length === undefined ? "" : `${length} characters`,
    precision === undefined ? "" : `${precision - (scale ?? 0)} digits and ${scale ?? 0} places`,
    referenceTo === undefined ? "" : `to ${referenceTo}`,
    values === undefined ? "" : `with ${values.join(", ")}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}
