import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { DestinationKind, FieldType } from "../../core/plan.ts";

/** A standard field as a destination's file tells of it. */
export interface StandardField {
  readonly type: FieldType;
  readonly length?: number;
  readonly bytes?: number;
  readonly html?: boolean;
  readonly precision?: number;
  readonly scale?: number;
  readonly required?: boolean;
  readonly audit?: boolean;
  readonly reference_to?: readonly string[];
  readonly relationship?: string;
}

/** Standard fields by object; `custom` holds for every custom object without fields of its own here. */
export type StandardFields = Readonly<Record<string, Readonly<Record<string, StandardField>>>>;

const read = new Map<DestinationKind, StandardFields>();

/** The standard fields of a kind of destination that a mapping may fill. */
export function standardFields(kind: DestinationKind): StandardFields {
  const known = read.get(kind);
  if (known !== undefined) return known;
  const text = readFileSync(new URL(`${kind}.yaml`, import.meta.url), "utf8");
  // Merge keys are how the objects share their stamps.
  const fields = parse(text, { merge: true }) as StandardFields;
  read.set(kind, fields);
  return fields;
}
