import { activityColumns } from "./activity-table.ts";
import { choice, flag, plain, readOnly, text, time } from "./columns.ts";
import { type Standard, standard } from "./define.ts";
import { lookup, type Target } from "./relationship.ts";

/** Every activity in one table; a row goes with its activity. */
export const activityPointer: Standard = standard("activitypointer", {
  set: "activitypointers",
  code: 4200,
  schemaName: "ActivityPointer",
  displayName: "Activity",
  name: "subject",
  isActivity: true,
  notCreatable: true,
  states: [
    ["Open", [[1, "Open"]]],
    ["Completed", [[2, "Completed"]]],
    ["Canceled", [[3, "Canceled"]]],
    ["Scheduled", [[4, "Scheduled"]]],
  ],
  columns: activityColumns(800, 1_073_741_823),
});

const partyTargets: Target[] = ["account", "contact", "lead", "systemuser", "opportunity"].map(
  (to) => ({ to, as: `${to}_activity_parties`, onDelete: "Cascade" }),
);

/** Who takes part in an activity, and as what. */
export const activityParty: Standard = standard("activityparty", {
  set: "activityparties",
  code: 135,
  schemaName: "ActivityParty",
  displayName: "Activity Party",
  name: "partyidname",
  ownership: "None",
  states: undefined,
  notCreatable: true,
  columns: [
    text("AddressUsed", 320),
    text("PartyIdName", 400, readOnly),
    plain("ActivityId", "lookup", { targets: [] }),
    choice("ParticipationTypeMask", {
      1: "Sender",
      2: "To Recipient",
      3: "CC Recipient",
      4: "BCC Recipient",
      5: "Required attendee",
      6: "Optional attendee",
      7: "Organizer",
      8: "Regarding",
      9: "Owner",
      10: "Resource",
      11: "Customer",
    }),
    flag("DoNotEmail", false, readOnly),
    time("ScheduledStart", readOnly),
    time("ScheduledEnd", readOnly),
  ],
  lookups: [lookup("PartyId", partyTargets)],
});
