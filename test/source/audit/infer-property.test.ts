import fc from "fast-check";
import { expect, test } from "vitest";
import type { CustomPropertyDef } from "../../../pipeline/core/generated/records.ts";
import type { FieldType } from "../../../pipeline/core/plan.ts";
import { dynamics } from "../../../pipeline/mapping/destinations/dynamics.ts";
import { salesforce } from "../../../pipeline/mapping/destinations/salesforce.ts";
import type { PropertyFields } from "../../../pipeline/mapping/destinations/property-fields.ts";
import { propertyReader } from "../../../pipeline/mapping/property-value.ts";
import { fieldName } from "../../../pipeline/source/audit/field-name.ts";
import { inferProperty } from "../../../pipeline/source/audit/infer-property.ts";
import { count, emptyTally } from "../../../pipeline/source/audit/property-tally.ts";

function inferred(
  values: readonly string[],
  definition?: Partial<CustomPropertyDef>,
  { digits }: PropertyFields = salesforce.properties,
) {
  const tally = emptyTally();
  for (const value of values) count(tally, value);
  return inferProperty(tally, definition as CustomPropertyDef | undefined, digits);
}

const times = (many: number, value: (at: number) => string): string[] =>
  Array.from({ length: many }, (_, at) => value(at));

test("values tell their type, and a few that do not fit do not spoil it", () => {
  expect(inferred(["true", "false", "true"])).toMatchObject({ type: "checkbox", fits: 3 });
  const numbers = [...times(19, (at) => `${at}.50`), "12 units"];
  expect(inferred(numbers)).toEqual({
    ...{ type: "number", precision: 18, scale: 2, fits: 19, from: "values" },
  });
  expect(inferred(["2025-01-01", "2024-02-29"])).toMatchObject({ type: "date" });
  expect(inferred(["2025-01-01T09:00:00Z"])).toMatchObject({ type: "datetime" });
  expect(inferred(times(20, (at) => (at % 2 ? "dry" : "wet")))).toMatchObject({
    ...{ type: "choice", values: ["dry", "wet"], restricted: false },
  });
  expect(inferred(times(9, (at) => JSON.stringify(["belt", `p${at % 3}`])))).toMatchObject({
    ...{ type: "multi_choice", values: ["belt", "p0", "p1", "p2"] },
  });
  expect(inferred(["https://a.example/1"])).toMatchObject({ type: "url" });
});

test("what means more than its digits, repeats by chance or is long stays text", () => {
  expect(inferred(["007", "008"])).toMatchObject({ type: "text" });
  expect(inferred(times(40, (at) => `M-${at}`))).toMatchObject({ type: "text", length: 255 });
  expect(inferred(["a", "a", "b"])).toMatchObject({ type: "text" });
  expect(inferred(["x".repeat(300)])).toMatchObject({ type: "long_text" });
  expect(inferred(["one\ntwo"])).toMatchObject({ type: "long_text" });
  expect(inferred(["1".repeat(30)])).toMatchObject({ type: "text" });
  expect(inferred(times(9, (at) => JSON.stringify([`a;${at}`])))).toMatchObject({ type: "text" });
});

test("a number no column of the destination holds stays text", () => {
  const bigger = ["123456789012", "1"];
  expect(inferred(bigger)).toMatchObject({ type: "number", precision: 18 });
  const fields = dynamics("qd").properties;
  expect(inferred(bigger, undefined, fields)).toMatchObject({ type: "text" });
  expect(inferred(["1.5", "20"], undefined, fields)).toMatchObject({
    ...{ type: "number", precision: 12, scale: 1 },
  });
});

test("a definition is believed where the values bear it out, and only there", () => {
  const options = ["Gold", "Silver"];
  const mostly = [...times(19, () => "Gold"), "Gold (old name)"];
  const picklist = { type: "picklist", options };
  expect(inferred(mostly, picklist)).toEqual({
    ...{ type: "choice", values: options, restricted: true, fits: 19, from: "definition" },
  });
  expect(inferred(["Bronze", "Gold"], picklist)).toMatchObject({ type: "text", from: "values" });
  expect(inferred(["soon", "later"], { type: "date" })).toMatchObject({ type: "text" });
  expect(inferred([], { type: "date" })).toMatchObject({ type: "date", from: "definition" });
  expect(inferred(["1.5", "2"], { type: "integer" })).toMatchObject({ type: "number", scale: 1 });
  expect(inferred(["x".repeat(300)], { type: "text" })).toMatchObject({ type: "long_text" });
});

const fieldTypes: Readonly<Record<string, FieldType>> = {
  text: "string",
  long_text: "textarea",
  number: "decimal",
  checkbox: "boolean",
  date: "date",
  datetime: "datetime",
  choice: "picklist",
  multi_choice: "multipicklist",
  url: "url",
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
      const target = {
        ...{ name: "P__c", required: false, audit: false, type: fieldTypes[type] as FieldType },
        ...(more.length === undefined ? {} : { length: more.length }),
        ...(more.precision === undefined ? {} : { precision: more.precision }),
        ...(more.scale === undefined ? {} : { scale: more.scale }),
        ...(more.restricted && more.values ? { values: more.values } : {}),
      };
      const read = propertyReader(target, salesforce);
      const said = all.map((each) => each.trim()).filter((each) => each !== "");
      expect(said.filter((each) => read(each) !== undefined).length).toBeGreaterThanOrEqual(fits);
      expect(fits).toBeGreaterThanOrEqual(said.length * 0.9);
    }),
  );
});

test("every key gets a legal name of its own, always the same", () => {
  const named = (key: string, taken = new Set<string>()) =>
    fieldName(key, salesforce.properties, taken);
  expect(named("equipment_model")).toBe("Equipment_Model__c");
  expect(named("Id")).toBe("Id_Property__c");
  expect(named("2nd visit – größe")).toBe("Property_2nd_Visit_Gro_E__c");
  const taken = new Set(["equipment_model__c"]);
  expect(named("Equipment model", taken)).toMatch(/^Equipment_Model_[0-9a-f]{6}__c$/);
  expect(fieldName("2nd visit", dynamics("qd").properties, taken)).toBe("qd_property2ndvisit");
  const kinds = [
    [salesforce.properties, /^[A-Za-z](?:_?[A-Za-z0-9])*__c$/, 40],
    [dynamics("qd").properties, /^qd_[a-z](?:_?[a-z0-9])*$/, 50],
  ] as const;
  const keys = fc.uniqueArray(fc.string({ maxLength: 120 }));
  for (const [naming, form, longest] of kinds) {
    fc.assert(
      fc.property(keys, (all) => {
        const names = new Set<string>();
        for (const key of all) {
          const name = fieldName(key, naming, names);
          expect(name).toMatch(form);
          expect(name.length).toBeLessThanOrEqual(longest);
          expect(names.has(name.toLowerCase())).toBe(false);
          names.add(name.toLowerCase());
        }
      }),
    );
  }
});
