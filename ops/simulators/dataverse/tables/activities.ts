import { activity, activityColumns } from "./activity-table.ts";
import { choice, flag, integer, plain, readOnly, type States, text, time } from "./columns.ts";
import type { Standard } from "./define.ts";
import { lookup } from "./relationship.ts";

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
