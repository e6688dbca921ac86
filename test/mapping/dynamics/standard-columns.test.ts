import { expect, test } from "vitest";
import type { ColumnType } from "../../../ops/simulators/dataverse/model.ts";
import { standardTables } from "../../../ops/simulators/dataverse/tables/all.ts";
import type { FieldType } from "../../../pipeline/core/plan.ts";
import { standardFields } from "../../../pipeline/mapping/destinations/standard-fields.ts";
import { dynamicsPlan } from "./mapped-rows.ts";

/** Which columns hold values of a type. */
const holding: Readonly<Record<FieldType, readonly ColumnType[]>> = {
  string: ["string", "memo"],
  textarea: ["memo"],
  email: ["string"],
  phone: ["string"],
  url: ["string"],
  picklist: ["picklist", "state"],
  multipicklist: ["multiselect"],
  boolean: ["boolean"],
  int: ["integer"],
  decimal: ["decimal", "money"],
  date: ["datetime"],
  datetime: ["datetime"],
  reference: ["lookup", "owner", "customer"],
  file: ["memo"],
};

/** Lookups the plan fills with names, which the sink knows by id. */
const named = new Set(["opportunity.pricelevelid"]);

const tables = new Map(standardTables.map(({ table }) => [table.logicalName, table]));

test("every standard column is one of the service's, of its type and no longer than it", () => {
  let checked = 0;
  for (const [object, fields] of Object.entries(standardFields("dynamics"))) {
    const table = tables.get(object);
    if (table === undefined) continue;
    const columns = new Map(table.columns.map((column) => [column.logicalName, column]));
    for (const [name, { type, length = 0, scale = 0 }] of Object.entries(fields)) {
      const place = `${object}.${name}`;
      const column = columns.get(name);
      expect([place, column === undefined]).toEqual([place, false]);
      if (column === undefined) continue;
      expect([
        place,
        column.type,
        named.has(place) ? column.type === "lookup" : holding[type].includes(column.type),
      ]).toEqual([...[place, column.type], true]);
      expect([place, length <= (column.maxLength ?? Number.MAX_SAFE_INTEGER)]).toEqual([
        place,
        true,
      ]);
      if (type === "decimal") expect([place, column.precision]).toEqual([place, scale]);
      checked += 1;
    }
  }
  expect(checked).toBeGreaterThan(150);
});

test("what no create takes is set once the row is there, and what no update takes is said once", () => {
  for (const edition of ["enterprise", "professional"] as const) {
    for (const { object, fields } of dynamicsPlan({ edition }).plan.objects) {
      const columns = tables.get(object)?.columns ?? [];
      for (const { name, createOnly } of fields) {
        const column = columns.find(({ logicalName }) => logicalName === name);
        if (column?.validForUpdate !== false || name === "createdby") continue;
        expect([`${object}.${name}`, createOnly]).toEqual([`${object}.${name}`, true]);
      }
    }
  }
});

test("every label a mapping gives a choice of the service is one of its options", () => {
  for (const [object, column, labels] of [
    [
      "opportunity",
      "msdyn_forecastcategory",
      ["Pipeline", "Best case", "Committed", "Won", "Lost"],
    ],
    ["opportunityclose", "opportunitystatecode", ["Won", "Lost"]],
    ["appointment", "statecode", ["Open", "Scheduled", "Completed", "Canceled"]],
    ["phonecall", "statecode", ["Completed"]],
    ["email", "statecode", ["Completed"]],
    ["task", "statecode", ["Open", "Completed"]],
  ] as const) {
    const found = tables.get(object)?.columns.find(({ logicalName }) => logicalName === column);
    const choice = found?.choice as { options?: readonly { label: string }[] } | undefined;
    const options = choice?.options?.map(({ label }) => label) ?? [];
    expect(labels.filter((label) => !options.includes(label))).toEqual([]);
  }
});
