import type { DestinationKind, FieldType } from "../../core/plan.ts";
import type { SettingOffers } from "../settings.ts";
import type { PropertyFields } from "./property-fields.ts";

/** Everything the mapping compiler knows of a kind of destination beside its standard fields. */
export interface DestinationRules {
  readonly kind: DestinationKind;
  /** As people call it. */
  readonly title: string;
  readonly settings: SettingOffers;
  /** Whether an object or field of this name is made for the migration, not the destination's own. */
  readonly isCustom: (name: string) => boolean;
  /** How such a name looks: `an API name …`. */
  readonly customForm: string;
  /** Fields a fault tells to add, as a mapping writes them. */
  readonly examples: Readonly<Record<"sourceKey" | "sourceId" | "misfits", string>>;
  /** Whether a mapping declares a custom object by `custom_table`. */
  readonly declaresTables: boolean;
  /** Whether a choice takes values nobody has defined, unless it is restricted. */
  readonly openChoices: boolean;
  /** Characters of a type whose definition names no length. */
  readonly lengths: Readonly<Partial<Record<FieldType, number>>>;
  /** Characters of the longest text a custom field can be made for. */
  readonly longestText: number;
  /** First and last year of a moment. */
  readonly years: readonly [number, number];
  /** Days of the longest event, where there is a bound. */
  readonly longestEventDays: number | undefined;
  /** Name a lookup's target is read through, where it is another than the field's. */
  readonly relationship: (field: string) => string | undefined;
  /** The object whose definition holds an object's custom fields; several may share one. */
  readonly carrier: (object: string) => string;
  readonly properties: PropertyFields;
}
