import type { Plan } from "../../pipeline/core/plan.ts";
import { isReadById } from "../object-plans.ts";
import { isClearable, isLookup, isSetOnce, isSeveral } from "./compared-fields.ts";
import type { Database } from "./database.ts";

/** Writes the plan's objects and fields in place of those of an earlier plan. */
export async function writePlan(database: Database, plan: Plan): Promise<void> {
  await database.command("TRUNCATE TABLE plan_object");
  await database.command("TRUNCATE TABLE plan_field");
  await database.insert(
    "plan_object",
    plan.objects.map((each) => ({
      ...{ object: each.object, entity: each.entity },
      ...{ keyless: isReadById(each), several: isSeveral(each) },
      is_user: each.identity === "user",
    })),
  );
  await database.insert(
    "plan_field",
    plan.objects.flatMap((each) =>
      each.fields.map((field, place) => ({
        object: each.object,
        entity: each.entity,
        field: field.name,
        type: field.type,
        place,
        create_only: isSetOnce(each, field),
        owner: field.owner === true,
        lookup: isLookup(field),
        clearable: isClearable(field),
        per_row: field.perRow === true,
      })),
    ),
  );
}
