import type { Writer } from "../../extension.ts";
import type { Row, Values } from "../../rows/row.ts";
import { mirrorActivity } from "./activity.ts";

/** Leaves the completed close activity of an opportunity behind, with the id it was given, if any. */
export function closeActivity(
  writer: Writer,
  opportunity: Row,
  values: Values,
  id: string | undefined,
): Row {
  const lookup = { table: "opportunity", id: opportunity.id };
  const won = values["opportunitystatecode"] === 1;
  const row = writer.create(
    "opportunityclose",
    {
      subject: won ? "Won" : "Lost",
      actualend: writer.now,
      ...values,
      opportunityid: lookup,
      regardingobjectid: lookup,
      activitytypecode: "opportunityclose",
      ownerid: opportunity.values["ownerid"] ?? null,
      statecode: 1,
      statuscode: 2,
    },
    { internal: true, ...(id === undefined ? {} : { id }) },
  );
  mirrorActivity(writer, row);
  return row;
}
