import {
  choice,
  type ColumnDraft,
  flag,
  integer,
  memo,
  plain,
  readOnly,
  type States,
  text,
  time,
} from "./columns.ts";
import { type Standard, type StandardFacts, standard } from "./define.ts";
import { lookup, oneToMany, type Target } from "./relationship.ts";

const priorities = { 0: "Low", 1: "Normal", 2: "High" };

/** The columns of every activity. */
function activityColumns(subject: number, description: number): ColumnDraft[] {
  return [
    text("Subject", subject, { required: "ApplicationRequired" }),
    memo("Description", description),
    time("ScheduledStart"),
    time("ScheduledEnd"),
    time("ActualStart"),
    time("ActualEnd"),
    integer("ScheduledDurationMinutes", 0),
    integer("ActualDurationMinutes", 0),
    choice("PriorityCode", priorities, { default: 1 }),
    plain("ActivityTypeCode", "entityname", readOnly),
    flag("IsBilled", false),
    flag("IsWorkflowCreated", false),
    flag("IsRegularActivity", true, readOnly),
    text("Category", 250),
    text("Subcategory", 250),
    time("SortDate"),
    plain("RegardingObjectId", "lookup", { targets: [] }),
  ];
}

function activity(
  logicalName: string,
  facts: Pick<StandardFacts, "set" | "code" | "columns" | "states"> & Partial<StandardFacts>,
): Standard {
  const base = standard(logicalName, {
    name: "subject",
    hasNotes: true,
    isActivity: true,
    ...facts,
  });
  const parties = oneToMany({
    schemaName: `${logicalName}_activity_parties`,
    referencedEntity: logicalName,
    referencedAttribute: "activityid",
    referencingEntity: "activityparty",
    referencingAttribute: "activityid",
    referencingNavigation: `activityid_${logicalName}`,
    onDelete: "Cascade",
  });
  return { ...base, relationships: [...base.relationships, parties] };
}

const taskStates: States = [
  [
    "Open",
    [
      [2, "Not Started"],
      [3, "In Progress"],
      [4, "Waiting on someone else"],
      [7, "Deferred"],
    ],
  ],
  ["Completed", [[5, "Completed"]]],
  ["Canceled", [[6, "Canceled"]]],
];

/** A task: lengths and status reasons as the reference page of the task table lists them. */
export const task: Standard = activity("task", {
  set: "tasks",
  code: 4212,
  states: taskStates,
  columns: [...activityColumns(200, 2_000), integer("PercentComplete", 0, 100)],
});

/** A phone call. */
export const phoneCall: Standard = activity("phonecall", {
  set: "phonecalls",
  code: 4210,
  schemaName: "PhoneCall",
  displayName: "Phone Call",
  states: [
    ["Open", [[1, "Open"]]],
    [
      "Completed",
      [
        [2, "Made"],
        [4, "Received"],
      ],
    ],
    ["Canceled", [[3, "Canceled"]]],
  ],
  columns: [
    ...activityColumns(200, 2_000),
    text("PhoneNumber", 200),
    flag("DirectionCode", true),
    flag("LeftVoiceMail", false),
    ...["from", "to"].map((name) => plain(name, "partylist", readOnly)),
  ],
});

/** An appointment; its two scheduled times are needed. */
export const appointment: Standard = activity("appointment", {
  set: "appointments",
  code: 4201,
  states: [
    [
      "Open",
      [
        [1, "Free"],
        [2, "Tentative"],
      ],
    ],
    ["Completed", [[3, "Completed"]]],
    ["Canceled", [[4, "Canceled"]]],
    [
      "Scheduled",
      [
        [5, "Busy"],
        [6, "Out of Office"],
      ],
    ],
  ],
  columns: [
    ...activityColumns(200, 1_048_576),
    text("Location", 200),
    flag("IsAllDayEvent", false),
    ...["requiredattendees", "optionalattendees", "organizer"].map((name) =>
      plain(name, "partylist", readOnly),
    ),
  ],
});

/** An e-mail: lengths and status reasons from Microsoft's email table reference (powerapps-docs, developer/data-platform/reference/entities/email.md). */
export const email: Standard = activity("email", {
  set: "emails",
  code: 4202,
  states: [
    [
      "Open",
      [
        [1, "Draft"],
        [8, "Failed"],
      ],
    ],
    [
      "Completed",
      [
        [2, "Completed"],
        [3, "Sent"],
        [4, "Received"],
        [6, "Pending Send"],
        [7, "Sending"],
      ],
    ],
    ["Canceled", [[5, "Canceled"]]],
  ],
  columns: [
    ...activityColumns(800, 1_073_741_823),
    flag("DirectionCode", true),
    text("Sender", 250),
    text("ToRecipients", 500),
    text("SubmittedBy", 250),
    text("MessageId", 320),
    text("MimeType", 256),
    text("TrackingToken", 50),
    time("SentOn", readOnly),
    integer("AttachmentCount", 0, undefined, readOnly),
    choice("Notifications", { 0: "None" }, { default: 0 }),
    ...["from", "to", "cc", "bcc"].map((name) => plain(name, "partylist", readOnly)),
  ],
});

/** What the closing of an opportunity leaves behind, completed from the start. */
export const opportunityClose: Standard = activity("opportunityclose", {
  set: "opportunitycloses",
  code: 4208,
  schemaName: "OpportunityClose",
  displayName: "Opportunity Close",
  hasNotes: false,
  states: [
    ["Open", [[1, "Open"]]],
    ["Completed", [[2, "Completed"]]],
    ["Canceled", [[3, "Canceled"]]],
  ],
  messages: ["CreateMultiple", "UpdateMultiple"],
  columns: [
    ...activityColumns(200, 2_000),
    { schemaName: "ActualRevenue", type: "money", precision: 2 },
    choice("OpportunityStateCode", { 0: "Open", 1: "Won", 2: "Lost" }),
    plain("OpportunityStatusCode", "integer"),
  ],
  lookups: [
    lookup("OpportunityId", [
      { to: "opportunity", as: "Opportunity_OpportunityClose", onDelete: "Cascade" },
    ]),
  ],
});

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
