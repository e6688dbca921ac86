import type { z } from "zod";
import type { FieldType } from "../core/plan.ts";
import type { customFieldSchema, customTableSchema } from "./mapping-file.ts";

/** A field of a destination object as a rule must fill it. */
export interface TargetField {
  readonly name: string;
  readonly type: FieldType;
  /** Characters, for texts. */
  readonly length?: number;
  /** Bytes of UTF-8, for texts whose bytes are counted too. */
  readonly bytes?: number;
  readonly html?: true;
  readonly precision?: number;
  readonly scale?: number;
  readonly required: boolean;
  /** A stamp only an insert may set, and only where the org grants the audit permission. */
  readonly audit: boolean;
  /** Allowed values of a restricted picklist. */
  readonly values?: readonly string[];
  readonly reference?: { readonly objects: readonly string[]; readonly relationship?: string };
}

/** What a custom field holds; each destination makes its own type of it. */
export type CustomFieldType = z.infer<typeof customFieldSchema>["type"];

/** A custom field the destination must have before anything loads. */
export interface CustomField {
  readonly name: string;
  readonly type: CustomFieldType;
  readonly label?: string;
  readonly length?: number;
  readonly html?: boolean;
  readonly precision?: number;
  readonly scale?: number;
  readonly externalId?: boolean;
  readonly unique?: boolean;
  readonly values?: readonly string[];
  readonly restricted?: boolean;
  readonly referenceTo?: string;
  readonly relationshipName?: string;
  readonly deleteConstraint?: "restrict" | "set_null";
}

/** A table the destination must have before anything loads. */
export type CustomTable = z.infer<typeof customTableSchema>;

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
