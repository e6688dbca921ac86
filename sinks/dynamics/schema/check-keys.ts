import type { DescribedKey, DescribedTable } from "./described.ts";
import type { ExpectedTable } from "./expected.ts";
import type { DynamicsFinding } from "./finding.ts";
import { longestKey } from "./kinds.ts";
import { keyNameOf } from "./names.ts";

/** A table has at most so many alternate keys. */
const keysAtMost = 10;

/** The alternate key on exactly this column, whatever its name. */
export function keyOn(keys: readonly DescribedKey[], column: string): DescribedKey | undefined {
  return keys.find(({ columns }) => columns.length === 1 && columns[0] === column);
}

/** What is wrong with the alternate keys of a table that is there. */
export function keyFindings(expected: ExpectedTable, found: DescribedTable): DynamicsFinding[] {
  const missing = expected.keys.filter((column) => keyOn(found.keys, column) === undefined);
  const full: DynamicsFinding[] =
    found.keys.length + missing.length > keysAtMost && missing.length > 0
      ? [
          {
            problem: "keys_full",
            ...{ object: expected.name, field: missing[0] ?? null, creatable: false },
            expected: `room for ${missing.length} more alternate keys`,
            found: `${found.keys.length} of ${keysAtMost} in use`,
            remedy: "delete an alternate key that nothing uses any more",
          },
        ]
      : [];
  return [...full, ...expected.keys.flatMap((column) => findingsOn(expected, found, column))];
}

function findingsOn(
  { name: object }: ExpectedTable,
  found: DescribedTable,
  field: string,
): DynamicsFinding[] {
  const name = keyNameOf(field);
  const at = { object, field } as const;
  const { length, secured } = found.columns.get(field) ?? { length: 0, secured: false };
  if (secured) {
    const access = { expected: "not secured", found: "column security is on" };
    const remedy = "take column security off: a secured column can be no alternate key";
    return [{ problem: "field_secured", ...at, ...access, remedy, creatable: false }];
  }
  if (length !== null && length > longestKey) {
    const sizes = { expected: `at most ${longestKey} characters`, found: `${length}` };
    const remedy = `shorten the column: a key longer than ${2 * longestKey} bytes has no index`;
    return [{ problem: "too_long_for_key", ...at, ...sizes, remedy, creatable: false }];
  }
  const key = keyOn(found.keys, field);
  if (key !== undefined) return stateFindings(key, at);
  const other = found.keys.find((each) => each.name === name);
  if (other !== undefined) {
    const is = { expected: `${name} on ${field}`, found: `on ${other.columns.join(", ")}` };
    const remedy = `delete the alternate key ${name} and create it on ${field} alone`;
    return [{ problem: "key_other_columns", ...at, ...is, remedy, creatable: false }];
  }
  const remedy = `create an alternate key on ${field} and wait until it is active`;
  const is = { expected: `alternate key ${name}`, found: "no such key" };
  return [{ problem: "key_missing", ...at, ...is, remedy, creatable: true }];
}

function stateFindings(
  { name, status }: DescribedKey,
  at: { readonly object: string; readonly field: string },
): DynamicsFinding[] {
  if (status === "Active") return [];
  const is = { expected: `alternate key ${name} active`, found: status };
  if (status !== "Failed") {
    const remedy = "wait: the service builds the index by itself";
    return [{ problem: "key_pending", ...at, ...is, remedy, creatable: true }];
  }
  return [{ problem: "key_failed", ...at, ...is, remedy: failedKeyRemedy(at), creatable: true }];
}

/** What to do about a key whose index could not be built. */
export function failedKeyRemedy({ object, field }: { object: string; field: string }): string {
  return `empty ${field} of ${object} in all rows but one that have the same value, letter case and accents aside, then reactivate the key`;
}
