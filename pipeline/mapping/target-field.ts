import type { FieldType } from "../core/plan.ts";

/** A field of a destination object as a rule must fill it. */
export interface TargetField {
  readonly name: string;
  readonly type: FieldType;
  /** Characters, for texts. */
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly required: boolean;
  /** A stamp only an insert may set, and only where the org grants the audit permission. */
  readonly audit: boolean;
  /** Allowed values of a restricted picklist. */
  readonly values?: readonly string[];
  readonly reference?: { readonly objects: readonly string[]; readonly relationship: string };
}

/** A custom field the destination must have before anything loads, as its metadata names things. */
export interface CustomField {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly externalId?: boolean;
  readonly unique?: boolean;
  readonly values?: readonly string[];
  readonly restricted?: boolean;
  readonly referenceTo?: string;
  readonly relationshipName?: string;
  readonly deleteConstraint?: string;
}

const textTypes: ReadonlySet<FieldType> = new Set([
  "string",
  "textarea",
  "email",
  "phone",
  "url",
  "picklist",
  "multipicklist",
]);

/** Whether values of this type are texts with a length. */
export function isText(type: FieldType): boolean {
  return textTypes.has(type);
}
