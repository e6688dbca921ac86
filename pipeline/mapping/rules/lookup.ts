import { z } from "zod";
import { sourceKey } from "../../core/source-key.ts";
import { MappingFault, requireType, rule } from "./rule.ts";

/** A reference to another record. */
export const lookup = rule({
  name: "lookup",
  doc: "Refers to the row another record became: the value is that record's source key, the loader binds it. `when_deleted: clear` empties an optional column whose target the source itself deleted; the default, `park`, waits.",
  example: "AccountId: { lookup: customer_id, object: Account }",
  schema: z.strictObject({
    lookup: z.string(),
    object: z.string(),
    when_deleted: z.enum(["park", "clear"]).default("park"),
  }),
  compile(spec, site) {
    requireType(site, "reference");
    const { reference } = site.target;
    if (reference === undefined || !reference.objects.includes(spec.object)) {
      throw new MappingFault(
        `${site.target.name} refers to ${reference?.objects.join(" or ")}, not to ${spec.object}`,
      );
    }
    if (site.target.required && spec.when_deleted === "clear") {
      throw new MappingFault(`${site.target.name} is required: it cannot be cleared`);
    }
    const entity = site.referenced(spec.lookup);
    const { get } = site.path(spec.lookup, "text");
    return {
      read(record) {
        const id = get(record) as string | null;
        return id === null || id === "" ? null : sourceKey(entity, id);
      },
      plan: {
        reference: {
          object: spec.object,
          relationship: reference.relationship,
          whenDeleted: spec.when_deleted,
        },
      },
    };
  },
});
