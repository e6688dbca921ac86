import type { FieldFacts } from "./field.ts";

/** A lookup; its field is named after the relationship. */
export function lookup(
  relationship: string,
  to: readonly string[],
  more: Partial<FieldFacts> = {},
): FieldFacts {
  return {
    name: `${relationship}Id`,
    type: "reference",
    relationshipName: relationship,
    referenceTo: to,
    ...more,
  };
}

/** The owner of a row, by default the user who inserts it. */
export function owner(to: readonly string[]): FieldFacts {
  return lookup("Owner", to, { nillable: false, defaulted: true });
}

/** A picklist with its values. */
export function picklist(
  name: string,
  values: readonly string[],
  more: Partial<FieldFacts> = {},
): FieldFacts {
  return { name, type: "picklist", values, ...more };
}

/** Facts of a field that only the server writes. */
export const readOnly = { createable: false, updateable: false } as const;

/** Facts of a field that is written once. */
export const createOnly = { updateable: false } as const;

/** Facts of a field no row goes without. */
export const required = { nillable: false } as const;
