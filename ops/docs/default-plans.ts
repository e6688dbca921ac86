import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DestinationKind } from "../../pipeline/core/plan.ts";
import { type CompiledPlan, compilePlan } from "../../pipeline/mapping/compile.ts";
import { destinationOf } from "../../pipeline/mapping/destination.ts";
import { destinationKinds } from "../../pipeline/mapping/destinations/rules-of.ts";
import { loadSchema } from "../../pipeline/mapping/load-schema.ts";
import { defaultPrefix } from "../../pipeline/mapping/publisher-prefix.ts";

/** The default mappings to one kind of destination, compiled for each of its editions. */
export interface DefaultPlans {
  readonly kind: DestinationKind;
  readonly title: string;
  readonly folder: string;
  readonly plans: readonly CompiledPlan[];
}

const mappings = join(import.meta.dirname, "../../pipeline/mapping");

/** The default plans of every kind of destination that has mappings. */
export function defaultPlans(): readonly DefaultPlans[] {
  return destinationKinds
    .map((kind) => ({ kind, folder: join(mappings, kind) }))
    .filter(({ folder }) => existsSync(folder))
    .map(({ kind, folder }) => {
      const { rules } = destinationOf(kind, defaultPrefix);
      const editions = rules.settings(undefined).edition ?? [undefined];
      return {
        ...{ kind, folder, title: rules.title },
        // With the audit fields: the larger set, so that the schemas show every column there may be.
        plans: editions.map((edition) =>
          compilePlan({
            ...{ folder, destination: kind, hash: "default" },
            settings: { audit_fields: true, ...(edition === undefined ? {} : { edition }) },
          }),
        ),
      };
    });
}

/** The objects the plans load, whatever the edition. */
export function loadedObjects({ plans }: DefaultPlans): readonly string[] {
  return [...new Set(plans.flatMap(({ plan }) => plan.objects.map(({ object }) => object)))];
}

/** Avro schema of each object's load records, with the columns of every edition. */
export function loadSchemas(defaults: DefaultPlans): readonly (readonly [string, object])[] {
  const all = defaults.plans.flatMap(({ plan }) => plan.objects);
  return loadedObjects(defaults).map((object) => {
    const plans = all.filter((each) => each.object === object);
    return [object, loadSchema(object, plans)] as const;
  });
}
