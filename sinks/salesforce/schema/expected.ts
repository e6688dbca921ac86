import type { FieldPlan, ObjectPlan } from "../../../pipeline/core/plan.ts";
import type { CompiledPlan } from "../../../pipeline/mapping/compile.ts";
import type { CustomField } from "../../../pipeline/mapping/target-field.ts";

/** What a plan needs of one object. */
export interface ExpectedObject {
  readonly name: string;
  readonly plans: readonly ObjectPlan[];
  readonly custom: readonly CustomField[];
  /** Fields the plan fills that are the object's own. */
  readonly standard: readonly FieldPlan[];
  /** Users are only ever updated. */
  readonly inserted: boolean;
  /** Objects each of its lookups refers to, by field. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
}

/** What a confirmed plan needs of the org, object by object in the plan's order. */
export function expectedObjects({ plan, customFields }: CompiledPlan): readonly ExpectedObject[] {
  const names = [...new Set([...plan.objects.map(({ object }) => object), ...customFields.keys()])];
  return names.map((name) => {
    const plans = plan.objects.filter(({ object }) => object === name);
    const custom = customFields.get(name) ?? [];
    const own = new Set(custom.map((field) => field.name));
    const filled = new Map(
      plans.flatMap(({ fields }) => fields).map((field) => [field.name, field]),
    );
    return {
      ...{ name, plans, custom },
      standard: [...filled.values()].filter((field) => !own.has(field.name)),
      inserted: plans.some(({ identity }) => identity !== "user"),
      targets: new Map([...filled.values()].flatMap((field) => targetsOf(field))),
    };
  });
}

function targetsOf({ name, reference }: FieldPlan): [string, readonly string[]][] {
  if (reference === undefined) return [];
  const targets = [reference.object, ...Object.values(reference.byEntity ?? {})];
  // A file is referred to by its document, whatever its newest version.
  const named = targets.map((each) => (each === "ContentVersion" ? "ContentDocument" : each));
  return [[name, [...new Set(named)]]];
}

/** The object whose metadata holds a custom field: Task and Event share those of Activity. */
export function carrierOf(object: string): string {
  return object === "Task" || object === "Event" ? "Activity" : object;
}
