import { z } from "zod";
import { type Assignment, primaryTechnician as keyOf } from "./owner.ts";
import { MappingFault, requireType, rule } from "./rule.ts";

/** Who leads a job, as a row of a table of technicians. */
export const primaryTechnician = rule({
  name: "primary_technician",
  doc: "Refers to the row of the technician whose assignment has the role Primary; empty where no assignment has it. A technician the source has deleted leaves it empty.",
  example: "Technician: { primary_technician: assignments, object: Technician }",
  schema: z.strictObject({ primary_technician: z.string(), object: z.string() }),
  compile(spec, site) {
    requireType(site, "reference");
    const { object } = spec;
    const { reference } = site.target;
    if (reference?.objects.includes(object) !== true) {
      throw new MappingFault(`${site.target.name} does not refer to ${object}`);
    }
    const { get } = site.path(spec.primary_technician, "list");
    const through =
      reference.relationship === undefined ? {} : { relationship: reference.relationship };
    return {
      read: (record) => keyOf(get(record) as readonly Assignment[]),
      plan: { reference: { object, ...through, whenDeleted: "clear" } },
      targets: [{ object, entity: "technician" }],
    };
  },
});
