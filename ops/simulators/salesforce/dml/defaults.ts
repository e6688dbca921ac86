import type { Field, Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";

/** Fills what a new row has although its writer gave none: defaults, and the name of a custom object's row. */
export function applyDefaults(object: SObject, values: Values, id: string, n: number): void {
  for (const field of object.fields.values()) {
    if (field.defaultValue !== null) values[field.name] ??= field.defaultValue;
    if (field.nameField && object.custom) {
      values[field.name] ??= field.autoNumber ? autoNumber(field, n) : id;
    }
  }
}

/** The n-th number of a display format: the zeros in braces say how many digits at least. */
function autoNumber({ displayFormat }: Field, n: number): string {
  const spelt = (zeros: string): string => String(n).padStart(zeros.length, "0");
  return (displayFormat ?? "{0}").replace(/\{(0+)\}/, (_all, zeros: string) => spelt(zeros));
}
