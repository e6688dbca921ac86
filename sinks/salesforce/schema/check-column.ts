import type { CustomField, CustomFieldType } from "../../../pipeline/mapping/target-field.ts";
import type { DescribedColumn } from "./described.ts";
import type { SchemaFinding } from "./finding.ts";
import { metadataTypes } from "./metadata-types.ts";

/** Describe types that hold what a custom field of a type is to hold; the first is the type itself. */
const holders: Readonly<Record<CustomFieldType, readonly string[]>> = {
  text: ["string"],
  long_text: ["textarea"],
  number: ["double", "int", "currency"],
  money: ["currency", "double"],
  checkbox: ["boolean"],
  date: ["date"],
  datetime: ["datetime"],
  email: ["email"],
  phone: ["phone"],
  url: ["url"],
  choice: ["picklist"],
  multi_choice: ["multipicklist"],
  lookup: ["reference"],
};

type Fault = Pick<SchemaFinding, "problem" | "expected" | "found" | "remedy" | "creatable">;

const byHand = { creatable: false } as const;

/** Compares a field that is there with what is expected of it; wider is as good. */
export function columnFaults(field: CustomField, found: DescribedColumn): Fault[] {
  const types = holders[field.type];
  if (!types.includes(found.type)) {
    return [
      {
        problem: "wrong_type",
        expected: metadataTypes[field.type],
        found: found.type,
        remedy:
          "rename or remove the field and create it anew: nothing changes the type of a field that exists",
        ...byHand,
      },
    ];
  }
  return [
    ...sizeFaults(field, found),
    ...keyFaults(field, found),
    ...valueFaults(field, found),
    ...writeFaults(found),
  ];
}

function sizeFaults(field: CustomField, found: DescribedColumn): Fault[] {
  const faults: Fault[] = [];
  if (field.length !== undefined && found.length < field.length) {
    const remedy = `lengthen it to ${field.length} characters`;
    const sizes = { expected: `${field.length} characters`, found: `${found.length}` };
    faults.push({ problem: "too_short", ...sizes, remedy, ...byHand });
  }
  if (field.type !== "number" && field.type !== "money") return faults;
  const { precision = 18, scale = 0 } = field;
  const whole = precision - scale;
  // An int of the describe call has digits, no precision.
  const foundWhole = found.type === "int" ? 9 : found.precision - found.scale;
  if (foundWhole >= whole && found.scale >= scale) return faults;
  const expected = `${whole} digits before and ${scale} behind the point`;
  const has = `${foundWhole} before and ${found.scale} behind`;
  const remedy = `give it length ${whole} and ${scale} decimal places`;
  return [...faults, { problem: "wrong_precision", expected, found: has, remedy, ...byHand }];
}

function keyFaults(field: CustomField, found: DescribedColumn): Fault[] {
  const faults: Fault[] = [];
  if (field.unique === true && !found.unique) {
    const remedy = 'set "Unique" on the field: without it a repeated insert makes a second row';
    faults.push({ problem: "not_unique", expected: "unique", found: "not", remedy, ...byHand });
  }
  if (field.externalId === true && !found.externalId) {
    const remedy = 'set "External ID" on the field';
    const as = { expected: "external id", found: "none" };
    faults.push({ problem: "not_external_id", ...as, remedy, ...byHand });
  }
  return faults;
}

function valueFaults(field: CustomField, found: DescribedColumn): Fault[] {
  if (field.referenceTo !== undefined && !found.referenceTo.includes(field.referenceTo)) {
    const targets = found.referenceTo.join(", ");
    const remedy = "create a lookup to the right object under this name";
    const to = { expected: `lookup to ${field.referenceTo}`, found: `lookup to ${targets}` };
    return [{ problem: "wrong_target", ...to, remedy, ...byHand }];
  }
  const missing = missingValues(field, found);
  if (missing.length === 0) return [];
  const list = missing.join(", ");
  const remedy = `add to the picklist: ${list}`;
  const values = { expected: `values ${list}`, found: "a restricted picklist without them" };
  return [{ problem: "values_missing", ...values, remedy, creatable: true }];
}

/** Values a restricted picklist would refuse. */
export function missingValues(field: CustomField, found: DescribedColumn): readonly string[] {
  if (field.values === undefined || !found.restrictedPicklist) return [];
  const there = new Set(
    found.picklistValues.filter(({ active }) => active).map(({ value }) => value),
  );
  return field.values.filter((value) => !there.has(value));
}

function writeFaults(found: DescribedColumn): Fault[] {
  if (found.createable && found.updateable) return [];
  const remedy = "grant our user edit access to the field by field-level security";
  const access = { expected: "editable by our user", found: "read only" };
  return [{ problem: "field_read_only", ...access, remedy, creatable: true }];
}
