import fc from "fast-check";
import { expect, test } from "vitest";
import type { CustomPropertyDef } from "../../../pipeline/core/generated/records.ts";
import type { FieldType } from "../../../pipeline/core/plan.ts";
import { propertyReader } from "../../../pipeline/mapping/property-value.ts";
import { fieldName } from "../../../pipeline/source/audit/field-name.ts";
import { inferProperty } from "../../../pipeline/source/audit/infer-property.ts";
import { count, emptyTally } from "../../../pipeline/source/audit/property-tally.ts";

function inferred(values: readonly string[], definition?: Partial<CustomPropertyDef>) {
  const tally = emptyTally();
  for (const value of values) count(tally, value);
  return inferProperty(tally, definition as CustomPropertyDef | undefined);
}

const times = (many: number, value: (at: number) => string): string[] =>
  Array.from({ length: many }, (_, at) => value(at));

test("values tell their type, and a few that do not fit do not spoil it", () => {
  expect(inferred(["true", "false", "true"])).toMatchObject({ type: "Checkbox", fits: 3 });
  const numbers = [...times(19, (at) => `${at}.50`), "12 units"];
  expect(inferred(numbers)).toEqual({
    ...{ type: "Number", precision: 18, scale: 2, fits: 19, from: "values" },
  });
  expect(inferred(["2025-01-01", "2024-02-29"])).toMatchObject({ type: "Date" });
  expect(inferred(["2025-01-01T09:00:00Z"])).toMatchObject({ type: "DateTime" });
  expect(inferred(times(20, (at) => (at % 2 ? "dry" : "wet")))).toMatchObject({
    ...{ type: "Picklist", values: ["dry", "wet"], restricted: false },
  });
  expect(inferred(times(9, (at) => JSON.stringify(["belt", `p${at % 3}`])))).toMatchObject({
    ...{ type: "MultiselectPicklist", values: ["belt", "p0", "p1", "p2"] },
  });
  expect(inferred(["https://a.example/1"])).toMatchObject({ type: "Url" });
});

test("what means more than its digits, repeats by chance or is long stays text", () => {
  expect(inferred(["007", "008"])).toMatchObject({ type: "Text" });
  expect(inferred(times(40, (at) => `M-${at}`))).toMatchObject({ type: "Text", length: 255 });
  expect(inferred(["a", "a", "b"])).toMatchObject({ type: "Text" });
  expect(inferred(["x".repeat(300)])).toMatchObject({ type: "LongTextArea" });
  expect(inferred(["one\ntwo"])).toMatchObject({ type: "LongTextArea" });
  expect(inferred(["1".repeat(30)])).toMatchObject({ type: "Text" });
  expect(inferred(times(9, (at) => JSON.stringify([`a;${at}`])))).toMatchObject({ type: "Text" });
});

test("a definition is believed where the values bear it out, and only there", () => {
  const options = ["Gold", "Silver"];
  const mostly = [...times(19, () => "Gold"), "Gold (old name)"];
  const picklist = { type: "picklist", options };
  expect(inferred(mostly, picklist)).toEqual({
    ...{ type: "Picklist", values: options, restricted: true, fits: 19, from: "definition" },
  });
  expect(inferred(["Bronze", "Gold"], picklist)).toMatchObject({ type: "Text", from: "values" });
  expect(inferred(["soon", "later"], { type: "date" })).toMatchObject({ type: "Text" });
  expect(inferred([], { type: "date" })).toMatchObject({ type: "Date", from: "definition" });
  expect(inferred(["1.5", "2"], { type: "integer" })).toMatchObject({ type: "Number", scale: 1 });
  expect(inferred(["x".repeat(300)], { type: "text" })).toMatchObject({ type: "LongTextArea" });
});

const fieldTypes: Readonly<Record<string, FieldType>> = {
  Text: "string",
  LongTextArea: "textarea",
  Number: "decimal",
  Checkbox: "boolean",
  Date: "date",
  DateTime: "datetime",
  Picklist: "picklist",
  MultiselectPicklist: "multipicklist",
  Url: "url",
};

test("no fewer values fit the field than the evidence says, and nine of ten do", () => {
  const value = fc.oneof(
    fc.integer().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom("true", "no", "2025-01-01", "2025-01-01T00:00:00Z", "007", "", "https://a/b"),
    fc.array(fc.constantFrom("a", "b", "c;d")).map((list) => JSON.stringify(list)),
    fc.string({ maxLength: 300 }),
  );
  const values = fc.oneof(fc.array(value, { maxLength: 40 }), fc.array(fc.constantFrom("a", "b")));
  fc.assert(
    fc.property(values, (all) => {
      const { type, fits, ...more } = inferred(all);
      const read = propertyReader({
        ...{ name: "P__c", required: false, audit: false, type: fieldTypes[type] as FieldType },
        ...(more.length === undefined ? {} : { length: more.length }),
        ...(more.precision === undefined ? {} : { precision: more.precision }),
        ...(more.scale === undefined ? {} : { scale: more.scale }),
        ...(more.restricted && more.values ? { values: more.values } : {}),
      });
      const said = all.map((each) => each.trim()).filter((each) => each !== "");
      expect(said.filter((each) => read(each) !== undefined).length).toBeGreaterThanOrEqual(fits);
      expect(fits).toBeGreaterThanOrEqual(said.length * 0.9);
    }),
  );
});

test("every key gets a legal name of its own, always the same", () => {
  expect(fieldName("equipment_model", new Set())).toBe("Equipment_Model__c");
  expect(fieldName("Id", new Set())).toBe("Id_Property__c");
  expect(fieldName("2nd visit – größe", new Set())).toBe("Property_2nd_Visit_Gro_E__c");
  const taken = new Set(["equipment_model__c"]);
  expect(fieldName("Equipment model", taken)).toMatch(/^Equipment_Model_[0-9a-f]{6}__c$/);
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ maxLength: 120 })), (keys) => {
      const names = new Set<string>();
      for (const key of keys) {
        const name = fieldName(key, names);
        expect(name).toMatch(/^[A-Za-z](?:_?[A-Za-z0-9])*__c$/);
        expect(name.length).toBeLessThanOrEqual(40);
        expect(names.has(name.toLowerCase())).toBe(false);
        names.add(name.toLowerCase());
      }
    }),
  );
});
