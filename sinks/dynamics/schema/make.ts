import type { DynamicsClient } from "../client.ts";
import { impossible } from "./check-column.ts";
import { describeChoices, missingValues } from "./choices.ts";
import {
  columnDefinition,
  labelled,
  lookupDefinition,
  type Making,
  tableDefinition,
} from "./definitions.ts";
import { definitionOf, describeTable, readDefinition } from "./described.ts";
import type { ExpectedTable } from "./expected.ts";
import type { Maker } from "./maker.ts";

const tableThere = ["0x8004700b", "0x80044363"];
const columnThere = ["0x80047013", "0x80044363"];
const relationshipThere = ["0x8004432b", ...columnThere];
/** Says of an option that its value is taken, and of much else. */
const optionThere = ["0x80048403"];

/** Makes a table that is missing; false where it is not there in the end. */
export async function makeTable(
  client: DynamicsClient,
  maker: Maker,
  making: Making,
  expected: ExpectedTable,
): Promise<boolean> {
  if ((await describeTable(client, expected.name)) !== undefined) return true;
  // A table of the service comes with its app.
  if (expected.declared === undefined) return false;
  return maker.make({
    ...{ name: `table ${expected.name}`, path: "EntityDefinitions", there: tableThere },
    body: tableDefinition(making, expected),
  });
}

/** Switches notes and activities on where the plan hangs some on a table's rows. */
export async function switchOn(
  client: DynamicsClient,
  maker: Maker,
  { name, notes, activities }: ExpectedTable,
): Promise<void> {
  const path = definitionOf(name);
  const definition = await readDefinition(client, path);
  const notesLack = notes && definition?.["HasNotes"] !== true;
  const activitiesLack = activities && definition?.["HasActivities"] !== true;
  if (definition === undefined || !(notesLack || activitiesLack)) return;
  // An update takes the whole definition.
  const body = {
    ...definition,
    ...(notesLack ? { HasNotes: true } : {}),
    ...(activitiesLack ? { HasActivities: true } : {}),
  };
  const what = [notesLack ? "notes" : "", activitiesLack ? "activities" : ""].filter(Boolean);
  await maker.make({ name: `${what.join(" and ")} of ${name}`, method: "PUT", path, body });
}

/** Makes the columns a table lacks, lookups aside. */
export async function makeColumns(
  client: DynamicsClient,
  maker: Maker,
  making: Making,
  expected: ExpectedTable,
): Promise<void> {
  const { name: table } = expected;
  const plain = expected.custom.filter(({ type }) => type !== "lookup");
  if (plain.length === 0) return;
  const found = await describeTable(client, table);
  for (const field of plain) {
    if (found?.columns.has(field.name) === true) continue;
    const name = `column ${table}.${field.name}`;
    const [fault] = impossible(field);
    if (fault !== undefined) {
      maker.refuse(name, fault.remedy);
      continue;
    }
    await maker.make({
      ...{ name, path: `${definitionOf(table)}/Attributes`, there: columnThere },
      body: columnDefinition(making, field),
    });
  }
}

/** Makes the lookups a table lacks, each with its relationship. */
export async function makeLookups(
  client: DynamicsClient,
  maker: Maker,
  making: Making,
  { name: table, custom }: ExpectedTable,
): Promise<void> {
  const lookups = custom.filter(({ type }) => type === "lookup");
  if (lookups.length === 0) return;
  const found = await describeTable(client, table);
  for (const field of lookups) {
    if (found?.columns.has(field.name) === true) continue;
    await maker.make({
      ...{ name: `lookup ${table}.${field.name}`, path: "RelationshipDefinitions" },
      ...{ there: relationshipThere, body: lookupDefinition(making, table, field) },
    });
  }
}

/** Adds the options that choices of the plan lack. */
export async function makeOptions(
  client: DynamicsClient,
  maker: Maker,
  making: Making,
  { name: table, custom }: ExpectedTable,
): Promise<void> {
  // Options two columns share through a global choice are looked at anew for each.
  for (const field of custom.filter(({ values }) => values !== undefined)) {
    const choice = (await describeChoices(client, table, [field])).get(field.name);
    if (choice === undefined) continue;
    const missing = missingValues(field, choice);
    const taken = choice.options.map(({ value }) => value);
    // The value is ours, so that a repeated write cannot add the label twice.
    const first = Math.max(making.firstOption - 1, ...taken) + 1;
    for (const [at, text] of missing.entries()) {
      const place =
        choice.global === undefined
          ? { EntityLogicalName: table, AttributeLogicalName: field.name }
          : { OptionSetName: choice.global };
      await maker.make({
        ...{ name: `option ${table}.${field.name} ${text}`, path: "InsertOptionValue" },
        ...{ thereWhenLost: optionThere },
        body: { ...place, Value: first + at, Label: labelled(making, text) },
      });
    }
  }
}
