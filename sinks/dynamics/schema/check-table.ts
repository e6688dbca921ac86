import type { FieldPlan } from "../../../pipeline/core/plan.ts";
import type { DescribedColumn, DescribedTable } from "./described.ts";
import { type ExpectedTable, hanging } from "./expected.ts";
import type { DynamicsFinding, Fault } from "./finding.ts";

/** Made by an action of the service: its columns are read only to everything else. */
const madeByAction = "opportunityclose";

/** Set by other means than a value in the row: by a second step, or by whom a row is created for. */
const setOtherwise: ReadonlySet<string> = new Set(["statecode", "statuscode", "createdby"]);

const byHand = { creatable: false } as const;

/** A table the environment does not show our user. */
export function tableMissing({ name, declared }: ExpectedTable): DynamicsFinding {
  const at = { object: name, field: null, expected: "table", found: "no such table" } as const;
  if (declared !== undefined) {
    const remedy = "create the table, or grant our application user read access to it";
    return { problem: "object_missing", ...at, remedy, creatable: true };
  }
  const remedy = `install the app that ${name} belongs to, such as Dynamics 365 Sales`;
  return { problem: "feature_off", ...at, remedy, ...byHand };
}

/** What is wrong with a table that is there, its custom columns and keys aside. */
export function tableFindings(
  expected: ExpectedTable,
  found: DescribedTable,
  isThere: (table: string) => boolean,
): DynamicsFinding[] {
  const object = expected.name;
  const ours = new Set(expected.custom.map(({ name }) => name));
  const filled = new Set(expected.standard.map(({ name }) => name));
  const others = [...found.columns.values()].filter(
    ({ name, custom, required }) => custom && required && !ours.has(name) && !filled.has(name),
  );
  return [
    ...switchFindings(expected, found),
    ...expected.standard.flatMap((field) =>
      standardFaults(expected, found.columns.get(field.name), field, isThere).map((fault) => ({
        ...{ object, field: field.name },
        ...fault,
      })),
    ),
    ...others.map(({ name }) => requiredElsewhere(object, name)),
  ];
}

function switchFindings(expected: ExpectedTable, found: DescribedTable): DynamicsFinding[] {
  const findings: DynamicsFinding[] = [];
  const at = { object: expected.name, field: null, creatable: true } as const;
  if (expected.notes && !found.notes) {
    const remedy = "switch on Attachments (notes) in the table's properties; it stays on for good";
    const is = { expected: "notes", found: "none possible" };
    findings.push({ problem: "notes_off", ...is, remedy, ...at });
  }
  if (expected.activities && !found.activities) {
    const remedy =
      "switch on Creating a new activity in the table's properties; it stays on for good";
    const is = { expected: "activities", found: "none possible" };
    findings.push({ problem: "activities_off", ...is, remedy, ...at });
  }
  return findings;
}

function standardFaults(
  { name: table, inserted, targets }: ExpectedTable,
  column: DescribedColumn | undefined,
  field: FieldPlan,
  isThere: (table: string) => boolean,
): Fault[] {
  if (column === undefined) {
    const remedy = "install the app the column belongs to, or take the field out of the mapping";
    const is = { expected: "column", found: "no such column" };
    return [{ problem: "field_missing", ...is, remedy, ...byHand }];
  }
  if (table === madeByAction) return [];
  return [
    ...accessFaults(column, field, inserted),
    ...lengthFaults(column, field),
    ...targetFaults(column, (targets.get(field.name) ?? []).filter(isThere)),
  ];
}

function accessFaults(column: DescribedColumn, field: FieldPlan, inserted: boolean): Fault[] {
  if (setOtherwise.has(field.name)) return [];
  if (inserted ? !column.createable : !column.updateable) {
    const remedy = "take the field out of the mapping: the service computes it";
    const access = { expected: "writeable", found: "read only" };
    return [{ problem: "field_read_only", ...access, remedy, ...byHand }];
  }
  if (column.updateable || field.createOnly === true) return [];
  const remedy = "none: what the source changes of it after the first load does not arrive";
  const access = { expected: "valid for update", found: "valid for create only" };
  return [{ problem: "field_read_only", ...access, remedy, ...byHand, warns: true }];
}

function lengthFaults({ length, type }: DescribedColumn, field: FieldPlan): Fault[] {
  const isText = type === "string" || type === "memo";
  if (!isText || length === null || field.length === undefined || field.type === "file") return [];
  if (length >= field.length) return [];
  const sizes = { expected: `${field.length} characters`, found: `${length}` };
  return [{ problem: "too_short", ...sizes, remedy: `lengthen it to ${field.length}`, ...byHand }];
}

function targetFaults(column: DescribedColumn, targets: readonly string[]): Fault[] {
  // A table without notes or activities has a finding of its own.
  if (hanging[column.name] !== undefined) return [];
  const lost = targets.filter((target) => !column.targets.includes(target));
  if (lost.length === 0) return [];
  const to = { expected: `lookup to ${lost.join(", ")}`, found: column.targets.join(", ") };
  const remedy = "correct the mapping: the column cannot lead to that table";
  return [{ problem: "wrong_target", ...to, remedy, ...byHand }];
}

function requiredElsewhere(object: string, field: string): DynamicsFinding {
  const remedy = "set the column to optional: the migration does not fill it";
  const is = { expected: "optional", found: "required by the system" };
  return { problem: "field_required", object, field, ...is, remedy, ...byHand };
}
