import type { FieldFacts } from "./field.ts";
import { createOnly, lookup, owner, picklist, readOnly, required } from "./field-facts.ts";
import type { ObjectFacts } from "./sobject.ts";

const restricted = { restricted: true } as const;

/** What a task or an event is about: a person, and any other record. */
function relatedTo(children: string): FieldFacts[] {
  const more = { deleteRule: "cascade", childRelationship: children } as const;
  return [
    lookup("Who", ["Contact", "Lead"], more),
    lookup("What", ["Account", "Asset", "Case", "Opportunity"], { ...more, reachesCustom: true }),
    lookup("Account", ["Account"], { ...readOnly, deleteRule: "setNull" }),
  ];
}

/** Names of the twelve months and of the five instances, as the recurrence picklists spell them. */
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const instances = ["First", "Second", "Third", "Fourth", "Last"];
const kinds = [
  "RecursDaily",
  "RecursEveryWeekday",
  "RecursMonthly",
  "RecursMonthlyNth",
  "RecursWeekly",
  "RecursYearly",
  "RecursYearlyNth",
];

function recurrence(object: string, startField: FieldFacts): FieldFacts[] {
  return [
    { name: "IsRecurrence", type: "boolean", ...createOnly },
    {
      name: "RecurrenceActivityId",
      type: "reference",
      referenceTo: [object],
      deleteRule: "cascade",
      childRelationship: "RecurringActivities",
      ...readOnly,
    },
    startField,
    { name: "RecurrenceEndDateOnly", type: "date" },
    { name: "RecurrenceTimeZoneSidKey", type: "picklist", length: 40 },
    picklist("RecurrenceType", kinds, restricted),
    { name: "RecurrenceInterval", type: "int", precision: 9 },
    { name: "RecurrenceDayOfWeekMask", type: "int", precision: 9 },
    { name: "RecurrenceDayOfMonth", type: "int", precision: 9 },
    picklist("RecurrenceInstance", instances, restricted),
    picklist("RecurrenceMonthOfYear", months, restricted),
  ];
}

const subject: FieldFacts = { name: "Subject", type: "combobox", length: 255 };
const description: FieldFacts = { name: "Description", type: "textarea", length: 32_000 };
const reminder: FieldFacts[] = [
  { name: "ReminderDateTime", type: "datetime" },
  { name: "IsReminderSet", type: "boolean" },
];
const archived: FieldFacts = { name: "IsArchived", type: "boolean", ...readOnly };

/** Appointments: Object Reference, "Event". */
const event: ObjectFacts = {
  name: "Event",
  keyPrefix: "00U",
  fields: [
    ...relatedTo("Events"),
    subject,
    { name: "Location", type: "string" },
    { name: "IsAllDayEvent", type: "boolean" },
    { name: "ActivityDateTime", type: "datetime" },
    { name: "ActivityDate", type: "date" },
    { name: "DurationInMinutes", type: "int", precision: 8 },
    { name: "StartDateTime", type: "datetime" },
    { name: "EndDateTime", type: "datetime" },
    { name: "EndDate", type: "date", ...readOnly },
    description,
    owner(["Calendar", "User"]),
    picklist("Type", ["Call", "Email", "Meeting", "Other"], { length: 40 }),
    { name: "IsPrivate", type: "boolean" },
    picklist("ShowAs", ["Busy", "OutOfOffice", "Free"], {
      ...restricted,
      length: 40,
      defaulted: true,
      defaultValue: "Busy",
    }),
    { name: "IsChild", type: "boolean", ...readOnly },
    { name: "IsGroupEvent", type: "boolean", ...readOnly },
    picklist("GroupEventType", ["0", "1", "2", "3"], { ...readOnly, ...restricted, length: 40 }),
    archived,
    ...recurrence("Event", { name: "RecurrenceStartDateTime", type: "datetime" }),
    ...reminder,
    picklist("EventSubtype", ["Event"], {
      ...createOnly,
      ...restricted,
      length: 40,
      defaulted: true,
      defaultValue: "Event",
    }),
    { name: "IsRecurrence2Exclusion", type: "boolean", ...readOnly },
    {
      name: "Recurrence2PatternText",
      type: "textarea",
      length: 512,
      filterable: false,
      ...createOnly,
    },
    { name: "IsRecurrence2", type: "boolean", ...readOnly },
    { name: "IsRecurrence2Exception", type: "boolean", ...readOnly },
  ],
};

/** To-dos, calls and e-mails: Object Reference, "Task"; call fields belong to the CRM Call Center. */
const task: ObjectFacts = {
  name: "Task",
  keyPrefix: "00T",
  fields: [
    ...relatedTo("Tasks"),
    subject,
    { name: "ActivityDate", type: "date" },
    picklist(
      "Status",
      ["Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"],
      { ...required, defaulted: true, length: 40 },
    ),
    picklist("Priority", ["High", "Normal", "Low"], {
      ...required,
      defaulted: true,
      length: 40,
      defaultValue: "Normal",
    }),
    { name: "IsHighPriority", type: "boolean", ...readOnly },
    owner(["Group", "User"]),
    description,
    picklist("Type", ["Call", "Email", "Meeting", "Other"], { length: 40 }),
    { name: "IsClosed", type: "boolean", ...readOnly },
    archived,
    { name: "CallDurationInSeconds", type: "int", precision: 8 },
    picklist("CallType", ["Internal", "Inbound", "Outbound"], { ...restricted, length: 40 }),
    { name: "CallDisposition", type: "string" },
    { name: "CallObject", type: "string" },
    ...reminder,
    ...recurrence("Task", { name: "RecurrenceStartDateOnly", type: "date" }),
    picklist("RecurrenceRegeneratedType", ["RecurrenceRegenerateAfterDueDate"], restricted),
    picklist("TaskSubtype", ["Task", "Email", "ListEmail", "Cadence", "Call", "LinkedIn"], {
      ...createOnly,
      ...restricted,
      length: 40,
      defaulted: true,
      defaultValue: "Task",
    }),
    { name: "CompletedDateTime", type: "datetime", ...readOnly },
  ],
};

/** The two kinds of activities. */
export const activityObjects: readonly ObjectFacts[] = [task, event];
