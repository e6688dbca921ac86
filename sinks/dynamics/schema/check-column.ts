import type { CustomField } from "../../../pipeline/mapping/target-field.ts";
import { type DescribedChoice, missingValues } from "./choices.ts";
import type { DescribedColumn } from "./described.ts";
import type { Fault } from "./finding.ts";
import { type ColumnKind, kindOf } from "./kinds.ts";

const byHand = { creatable: false } as const;

/** Compares a column that is there with what is expected of it; wider is as good. */
export function columnFaults(
  field: CustomField,
  found: DescribedColumn,
  choice: DescribedChoice | undefined,
): Fault[] {
  const kind = kindOf(field);
  if (!kind.holds.includes(found.type)) {
    const remedy =
      "remove the column and create it anew: nothing changes the type of a column that exists";
    const types = { expected: kind.holds.join(" or "), found: found.type };
    return [{ problem: "wrong_type", ...types, remedy, ...byHand }];
  }
  return [
    ...sizeFaults(kind, found),
    ...numberFaults(kind, found),
    ...dateFaults(kind, found),
    ...valueFaults(field, found, choice),
    ...writeFaults(found),
  ];
}

/** A field no column can be made for, whether one is there or not. */
export function impossible(field: CustomField): Fault[] {
  const { places = 0, placesAtMost = places } = kindOf(field);
  if (places <= placesAtMost) return [];
  const remedy = `give the field at most ${placesAtMost} decimal places in the mapping`;
  const sizes = { expected: `${places} decimal places`, found: `${placesAtMost} at most` };
  return [{ problem: "too_many_places", ...sizes, remedy, ...byHand }];
}

function sizeFaults({ length }: ColumnKind, found: DescribedColumn): Fault[] {
  if (length === undefined || found.length === null || found.length >= length) return [];
  const sizes = { expected: `${length} characters`, found: `${found.length}` };
  return [{ problem: "too_short", ...sizes, remedy: `lengthen it to ${length}`, ...byHand }];
}

function numberFaults({ most, places }: ColumnKind, found: DescribedColumn): Fault[] {
  const faults: Fault[] = [];
  if (places !== undefined && (found.places ?? 0) < places) {
    const sizes = { expected: `${places} decimal places`, found: `${found.places ?? 0}` };
    const remedy = `give it ${places} decimal places: the service rounds without a word`;
    faults.push({ problem: "wrong_precision", ...sizes, remedy, ...byHand });
  }
  if (most === undefined || found.type === "bigint") return faults;
  const { min, max } = found;
  if ((min === null || min <= -most) && (max === null || max >= most)) return faults;
  const bounds = { expected: `-${most} to ${most}`, found: `${min} to ${max}` };
  const remedy = `widen its range to ${bounds.expected}`;
  return [...faults, { problem: "too_narrow", ...bounds, remedy, ...byHand }];
}

function dateFaults({ behaviour, format }: ColumnKind, found: DescribedColumn): Fault[] {
  if (behaviour === undefined) return [];
  if (found.behaviour === behaviour && found.format === format) return [];
  const expected = `${format}, ${behaviour}`;
  const remedy =
    behaviour === "DateOnly"
      ? "set its behaviour to Date only: a day would shift with the reader's time zone"
      : "remove the column and create it as date and time with behaviour User local";
  const kinds = { expected, found: `${found.format ?? ""}, ${found.behaviour ?? ""}` };
  return [{ problem: "date_behaviour", ...kinds, remedy, ...byHand }];
}

function valueFaults(
  field: CustomField,
  found: DescribedColumn,
  choice: DescribedChoice | undefined,
): Fault[] {
  if (field.referenceTo !== undefined && !found.targets.includes(field.referenceTo)) {
    const to = {
      expected: `lookup to ${field.referenceTo}`,
      found: `lookup to ${found.targets.join(", ")}`,
    };
    const remedy = "create a lookup to the right table under this name";
    return [{ problem: "wrong_target", ...to, remedy, ...byHand }];
  }
  const missing = missingValues(field, choice);
  if (missing.length === 0) return [];
  const list = missing.join(", ");
  const values = { expected: `options ${list}`, found: "a choice without them" };
  const remedy = `add to the choice: ${list}`;
  return [{ problem: "values_missing", ...values, remedy, creatable: true }];
}

function writeFaults(found: DescribedColumn): Fault[] {
  const faults: Fault[] = [];
  if (!found.createable || !found.updateable) {
    const access = { expected: "valid for create and update", found: "read only" };
    const remedy = "remove the column and create it anew as one the API writes";
    faults.push({ problem: "field_read_only", ...access, remedy, ...byHand });
  }
  if (found.required) {
    const levels = { expected: "optional", found: "required by the system" };
    const remedy = "set it to optional: a record without a value would be refused";
    faults.push({ problem: "field_required", ...levels, remedy, ...byHand });
  }
  if (found.secured) {
    const access = { expected: "not secured", found: "column security is on" };
    const remedy =
      "add our application users to a column security profile that reads, creates and updates it";
    faults.push({ problem: "field_secured", ...access, remedy, ...byHand, warns: true });
  }
  return faults;
}
