import { decimal, flag, memo, text } from "./columns.ts";
import { type Standard, standard } from "./define.ts";
import { lookup } from "./relationship.ts";

const organization = { ownership: "OrganizationOwned" } as const;

/** A unit of a unit group. */
export const uom: Standard = standard("uom", {
  set: "uoms",
  code: 1055,
  schemaName: "UoM",
  displayName: "Unit",
  name: "name",
  ...organization,
  states: undefined,
  columns: [
    text("Name", 100, { required: "SystemRequired" }),
    decimal("Quantity", 10, [0, 100_000_000_000], { required: "SystemRequired", default: 1 }),
    flag("IsScheduleBaseUoM", false, { validForUpdate: false }),
  ],
  lookups: [
    lookup(
      "UoMScheduleId",
      [{ to: "uomschedule", as: "unit_of_measurement_schedule_conversions", onDelete: "Cascade" }],
      {
        required: "SystemRequired",
        validForUpdate: false,
      },
    ),
    lookup("BaseUoM", [{ to: "uom", as: "unit_of_measurement_base_unit" }]),
  ],
});

/** A unit group. */
export const uomSchedule: Standard = standard("uomschedule", {
  set: "uomschedules",
  code: 1056,
  schemaName: "UoMSchedule",
  displayName: "Unit Group",
  name: "name",
  ...organization,
  columns: [
    text("Name", 100, { required: "SystemRequired" }),
    text("BaseUoMName", 100),
    memo("Description", 2_000),
  ],
});
