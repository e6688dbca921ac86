import { expect, test } from "vitest";
import { compilePlan } from "../../../pipeline/mapping/compile.ts";
import { aJob } from "../../builders.ts";
import { fieldsOf, withProperties } from "../default-mappings.ts";

const properties = `
- { entity: job, object: Case, key: model, label: Model, field: Model__c, type: text, length: 10 }
- { entity: job, object: Case, key: age, label: Age, field: Age__c, type: number, precision: 4, scale: 0 }
- { entity: job, object: Case, key: load, label: Load, field: Load__c, type: number, precision: 6, scale: 2 }
- { entity: job, object: Case, key: warranty, label: Warranty, field: Warranty__c, type: checkbox }
- { entity: job, object: Case, key: built, label: Built, field: Built__c, type: date }
- { entity: job, object: Case, key: checked, label: Checked, field: Checked__c, type: datetime }
- { entity: job, object: Case, key: level, label: Level, field: Level__c, type: choice, values: [Gold, Silver], restricted: true }
- { entity: job, object: Case, key: parts, label: Parts, field: Parts__c, type: multi_choice, values: [belt, valve], restricted: true }
- { entity: job, object: Case, key: manual, label: Manual, field: Manual__c, type: url }
- { entity: job, object: Case, key: code, label: Code, field: Code__c, type: number, precision: 9, scale: 0 }
`;

function row(values: Readonly<Record<string, string>>) {
  const custom = Object.entries(values).map(([key, value]) => ({
    key: key.replace(/ again$/, ""),
    label: null,
    value,
    type_guess: "text",
  }));
  return fieldsOf("job", aJob({ custom }), { properties });
}

test("values that fit stand in the field of their property, and none is a misfit", () => {
  const fields = row({
    model: "M-100",
    age: "7",
    load: "-1.5",
    warranty: "true",
    built: "2024-02-29",
    checked: "2026-01-20T09:00:00-05:00",
    level: "Gold",
    parts: '["valve","belt","valve"]',
    manual: "https://manuals.example/m1",
    code: "0",
  });
  expect(fields).toMatchObject({
    Model__c: "M-100",
    Age__c: 7,
    Load__c: "-1.50",
    Warranty__c: true,
    Built__c: "2024-02-29",
    Checked__c: Date.UTC(2026, 0, 20, 14),
    Level__c: "Gold",
    Parts__c: "belt;valve",
    Manual__c: "https://manuals.example/m1",
    Code__c: 0,
    Custom_Misfits__c: null,
  });
});

test("a value that does not fit leaves its field empty, is a misfit with its label, and stays in the JSON", () => {
  const values = {
    model: "longer than ten",
    age: "12 units",
    load: "1.005",
    warranty: "maybe",
    built: "2024-02-30",
    checked: "2026-01-20T09:00:00",
    level: "Gold (old name)",
    parts: '["belt","hose"]',
    manual: "see the shelf",
    code: "007",
  };
  const fields = row(values);
  const empty = [
    "Model__c",
    "Age__c",
    "Load__c",
    "Built__c",
    "Checked__c",
    "Level__c",
    "Parts__c",
    "Manual__c",
    "Code__c",
  ];
  for (const name of empty) expect(fields[name]).toBeNull();
  expect(fields["Warranty__c"]).toBe(false);
  expect(String(fields["Custom_Misfits__c"]).split("\n")).toEqual([
    "Model: longer than ten",
    "Age: 12 units",
    "Load: 1.005",
    "Warranty: maybe",
    "Built: 2024-02-30",
    "Checked: 2026-01-20T09:00:00",
    "Level: Gold (old name)",
    'Parts: ["belt","hose"]',
    "Manual: see the shelf",
    "Code: 007",
  ]);
  const kept = JSON.parse(String(fields["Custom_Properties__c"])) as { value: string }[];
  expect(kept.map(({ value }) => value)).toEqual(Object.values(values));
});

test("of a key that comes twice the first counts and the second is a misfit", () => {
  const fields = row({ age: "1", "age again": "2" });
  expect(fields).toMatchObject({ Age__c: 1, Custom_Misfits__c: "Age: 2" });
});

test("an absent or blank value is an empty field and no misfit", () => {
  expect(row({ age: " " })).toMatchObject({
    Age__c: null,
    Warranty__c: false,
    Custom_Misfits__c: null,
  });
});

test("the properties' fields are asked of the destination, with labels it takes", () => {
  const long = "Very long label ".repeat(20);
  const folder = withProperties(
    `- { entity: job, object: Case, key: long, label: "${long}", field: Long__c, type: checkbox }`,
  );
  const { customFields } = compilePlan({
    folder,
    settings: {},
    destination: "salesforce",
    hash: "x",
  });
  const field = customFields.get("Case")?.find(({ name }) => name === "Long__c");
  expect(field).toMatchObject({ type: "checkbox" });
  expect(field?.label?.length).toBeLessThanOrEqual(40);
});

test.each([
  ["{ entity: job, object: Case, key: a, field: A, type: text }", "must be an API name ending"],
  ["{ entity: job, object: Case, key: a, field: A__c, type: Color }", "type: Invalid option"],
  [
    "{ entity: zone, object: Case, key: a, field: A__c, type: text }",
    "no mapping makes Case from zone",
  ],
  [
    "{ entity: customer, object: Account, key: a, field: A__c, type: text }",
    "none takes what does not fit",
  ],
])("the property %s is refused", (yaml, fault) => {
  const folder = withProperties(`- ${yaml}`);
  expect(() =>
    compilePlan({ folder, settings: {}, destination: "salesforce", hash: "x" }),
  ).toThrowError(fault);
});
