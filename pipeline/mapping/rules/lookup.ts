import { z } from "zod";
import type { FieldPlan } from "../../core/plan.ts";
import { sourceKey } from "../../core/source-key.ts";
import { holdsFor, settingMatchSchema } from "../settings.ts";
import { MappingFault, requireType, rule, type RuleSite, type Source } from "./rule.ts";

const alternative = z.strictObject({
  field: z.string(),
  object: z.string(),
  setting: settingMatchSchema.optional(),
});
type Alternative = z.infer<typeof alternative>;

/** A reference to another record. */
export const lookup = rule({
  name: "lookup",
  doc: "Refers to the row another record became: the value is that record's source key, the loader binds it. A list is tried in its order, and the first field with a value decides the object; an entry may hold under some settings only. `id` is another row of the record itself. `when_deleted: clear` empties an optional column whose target the source itself deleted; the default, `park`, waits.",
  example: "Customer: { lookup: customer_id, object: Customer }",
  schema: z.strictObject({
    lookup: z.union([z.string(), z.array(alternative).min(2)]),
    object: z.string().optional(),
    when_deleted: z.enum(["park", "clear"]).default("park"),
  }),
  compile(spec, site) {
    requireType(site, "reference");
    if (site.target.required && spec.when_deleted === "clear") {
      throw new MappingFault(`${site.target.name} is required: it cannot be cleared`);
    }
    const all = alternatives(spec);
    for (const { field } of all) site.path(field, "text");
    const held = all.filter(({ setting }) => holdsFor(setting, site.settings));
    const targets = held.map(({ field, object }) => ({
      object,
      entity: site.referenced(field),
      get: site.path(field, "text").get,
    }));
    return {
      read: firstKey(targets),
      plan: { reference: referenceOf(targets, spec.when_deleted, site) },
      targets,
    };
  },
});

function alternatives(spec: {
  readonly lookup: string | readonly Alternative[];
  readonly object?: string | undefined;
}): readonly Alternative[] {
  if ((typeof spec.lookup === "string") !== (spec.object !== undefined)) {
    throw new MappingFault("says the object once: beside the field, or in each entry of the list");
  }
  if (typeof spec.lookup !== "string") return spec.lookup;
  return [{ field: spec.lookup, object: spec.object ?? "" }];
}

interface Target {
  readonly object: string;
  readonly entity: string;
  readonly get: (record: Source) => unknown;
}

function firstKey(targets: readonly Target[]): (record: Source) => string | null {
  return (record) => {
    for (const { entity, get } of targets) {
      const id = get(record) as string | null;
      if (id !== null && id !== "") return sourceKey(entity, id);
    }
    return null;
  };
}

function referenceOf(
  targets: readonly Target[],
  whenDeleted: "park" | "clear",
  { target: field }: RuleSite,
): NonNullable<FieldPlan["reference"]> {
  const { reference } = field;
  for (const { object } of targets) {
    if (reference?.objects.includes(object)) continue;
    throw new MappingFault(
      `${field.name} refers to ${reference?.objects.join(" or ")}, not to ${object}`,
    );
  }
  const [first] = targets;
  const byEntity = Object.fromEntries(targets.map(({ entity, object }) => [entity, object]));
  return {
    object: first?.object ?? "",
    ...(targets.length > 1 ? { byEntity } : {}),
    ...(reference?.relationship === undefined ? {} : { relationship: reference.relationship }),
    whenDeleted,
  };
}
