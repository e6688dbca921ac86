import type { Plan } from "../../pipeline/core/plan.ts";
import { isClearable } from "./comparable.ts";
import type { Database } from "./database.ts";

/** Writes the plan's objects and fields in place of those of an earlier plan. */
export async function writePlan(database: Database, plan: Plan): Promise<void> {
  await database.command("TRUNCATE TABLE plan_object");
  await database.command("TRUNCATE TABLE plan_field");
  await database.insert(
    "plan_object",
    plan.objects.map(({ object, entity }) => ({ object, entity })),
  );
  await database.insert(
    "plan_field",
    plan.objects.flatMap(({ object, entity, fields }) =>
      fields.map((field, place) => ({
        object,
        entity,
        field: field.name,
        type: field.type,
        place,
        create_only: field.createOnly === true,
        owner: field.owner === true,
        clearable: isClearable(field),
      })),
    ),
  );
}
