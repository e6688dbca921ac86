import type { z } from "zod";
import type { ErrorCode } from "../../core/errors.ts";
import type { FieldValue } from "../../core/load-record.ts";
import type { FieldPlan } from "../../core/plan.ts";
import type { DestinationRules } from "../destinations/destination-rules.ts";
import type { Shape } from "../source-shape.ts";
import type { MappingSettings } from "../settings.ts";
import type { TargetField } from "../target-field.ts";

/** A source record as rules read it. */
export type Source = Readonly<Record<string, unknown>>;

/** Why one record gives no value for a field: a value itself, never thrown. */
export class Fault {
  readonly code: ErrorCode;
  /** What is wrong and how it is mended; begins where the field's name ends. */
  readonly text: string;

  constructor(code: ErrorCode, text: string) {
    this.code = code;
    this.text = text;
  }
}

/** The value of one destination field for a record. */
export type ReadField = (record: Source) => FieldValue | Fault;

/** One value for each of a record's rows. */
export type ReadRows = (record: Source) => readonly FieldValue[] | Fault;

/** A mapping says something that cannot be; the compiler collects these. */
export class MappingFault extends Error {}

/** Where a rule stands: what it fills, and what it may read. */
export interface RuleSite {
  readonly object: string;
  readonly entity: string;
  readonly target: TargetField;
  readonly destination: DestinationRules;
  readonly settings: MappingSettings;
  /** Whether the field stands under `rows`. */
  readonly perRow: boolean;
  /** Custom properties of the entity that have a field of their own. */
  readonly properties: readonly PropertyField[];
  /**
   * A reader for a dotted path of the source record, null along the way giving null. Throws
   * MappingFault where the schema has no such field or it is of another kind. Notes the field as mapped.
   */
  path(path: string, ...kinds: readonly Shape["kind"][]): Path;
  /** The entity a field names, the record's own for `id`, or MappingFault. */
  referenced(path: string): string;
}

/** A custom property and the field that takes its values. */
export interface PropertyField {
  readonly key: string;
  readonly label: string;
  readonly target: TargetField;
}

/** A resolved path of the source record. */
export interface Path {
  readonly get: (record: Source) => unknown;
  readonly shape: Shape;
}

/** What a rule makes of its YAML. */
export interface CompiledRule {
  readonly read: ReadField;
  /** Of a rule that stands under `rows`: the values of all rows. */
  readonly readRows?: ReadRows;
  /** Facts of the field that only the rule knows. */
  readonly plan?: Pick<FieldPlan, "reference" | "owner" | "unresolved">;
  /** What a lookup may refer to: a mapping must make each of these. */
  readonly targets?: readonly { readonly object: string; readonly entity: string }[];
}

/** One word of the mapping vocabulary. */
export interface Rule<S = unknown> {
  readonly name: string;
  /** One or two sentences for the reference page. */
  readonly doc: string;
  /** A field as a mapping would write it. */
  readonly example: string;
  readonly schema: z.ZodType<S>;
  compile(spec: S, site: RuleSite): CompiledRule;
}

/** Declares a rule; the type of its YAML follows from the schema. */
export function rule<S>(definition: Rule<S>): Rule {
  return definition;
}

/** Throws where the field is of none of these types. */
export function requireType(site: RuleSite, ...types: readonly TargetField["type"][]): void {
  if (types.includes(site.target.type)) return;
  throw new MappingFault(
    `fills ${types.join(" or ")} fields, but ${site.target.name} is of type ${site.target.type}`,
  );
}
