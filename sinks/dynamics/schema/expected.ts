import type { FieldPlan, ObjectPlan } from "../../../pipeline/core/plan.ts";
import type { CompiledPlan } from "../../../pipeline/mapping/compile.ts";
import type { CustomField, CustomTable } from "../../../pipeline/mapping/target-field.ts";

/** What a plan needs of the environment. */
export type SchemaPlan = Pick<CompiledPlan, "plan" | "customFields" | "customTables">;

/** What a plan needs of one table. */
export interface ExpectedTable {
  readonly name: string;
  /** Absent: a table of the service. */
  readonly declared?: CustomTable;
  /** Its custom columns, each with the sizes the plan works by. */
  readonly custom: readonly CustomField[];
  /** Columns the plan fills that are the table's own. */
  readonly standard: readonly FieldPlan[];
  /** Columns that are each an alternate key. */
  readonly keys: readonly string[];
  /** Notes and activities hang on its rows. */
  readonly notes: boolean;
  readonly activities: boolean;
  /** Users are only ever updated. */
  readonly inserted: boolean;
  /** Whether a lookup of the plan leads to it. */
  readonly referenced: boolean;
  /** Tables each of its lookups leads to, by column. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
}

/** The column by which a note or an activity hangs on a row. */
export const hanging: Readonly<Record<string, "notes" | "activities">> = {
  objectid: "notes",
  regardingobjectid: "activities",
};

/** What a confirmed plan needs of the environment, table by table in the plan's order. */
export function expectedTables(compiled: SchemaPlan): readonly ExpectedTable[] {
  const { plan, customFields, customTables } = compiled;
  const names = plan.objects.map(({ object }) => object);
  const all = new Set([...names, ...customTables.keys(), ...customFields.keys()]);
  const lookups = plan.objects.flatMap(({ fields }) => fields.flatMap(lookupOf));
  const hangs = (on: string, what: "notes" | "activities"): boolean =>
    lookups.some(({ field, targets }) => hanging[field] === what && targets.includes(on));
  return [...all].map((name): ExpectedTable => {
    const plans = plan.objects.filter(({ object }) => object === name);
    const declared = customTables.get(name);
    const filled = new Map(
      plans.flatMap(({ fields }) => fields).map((field) => [field.name, field]),
    );
    const custom = (customFields.get(name) ?? []).map((each) => sized(each, filled.get(each.name)));
    const own = new Set(custom.map((field) => field.name));
    return {
      ...{ name, custom },
      ...(declared === undefined ? {} : { declared }),
      standard: [...filled.values()].filter((field) => !own.has(field.name)),
      keys: keysOf(plans, custom),
      notes: declared?.notes === true || hangs(name, "notes"),
      activities: declared?.activities === true || hangs(name, "activities"),
      inserted: plans.some(({ identity }) => identity !== "user"),
      referenced: lookups.some(({ targets }) => targets.includes(name)),
      targets: new Map(
        [...filled.values()].flatMap(lookupOf).map(({ field, targets }) => [field, targets]),
      ),
    };
  });
}

function lookupOf({ name, reference }: FieldPlan) {
  if (reference === undefined) return [];
  const targets = [reference.object, ...Object.values(reference.byEntity ?? {})];
  return [{ field: name, targets: [...new Set(targets)] }];
}

/** A definition that leaves its sizes open gets those its values are made by; options and lookups have none. */
function sized(field: CustomField, plan: FieldPlan | undefined): CustomField {
  if (field.values !== undefined || field.referenceTo !== undefined) return field;
  const { length, precision, scale } = plan ?? {};
  return {
    ...(length === undefined ? {} : { length }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
    ...field,
  };
}

function keysOf(plans: readonly ObjectPlan[], custom: readonly CustomField[]): readonly string[] {
  const keyed = plans.filter(({ identity, keyField }) => identity !== "user" && keyField !== "");
  const keyFields = keyed.map(({ keyField }) => keyField);
  const unique = custom.filter((field) => field.unique === true).map(({ name }) => name);
  return [...new Set([...keyFields, ...unique])];
}
