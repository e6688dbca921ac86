import {
  choice,
  type ColumnDraft,
  flag,
  integer,
  memo,
  plain,
  readOnly,
  text,
  time,
} from "./columns.ts";
import { type Standard, type StandardFacts, standard } from "./define.ts";
import { oneToMany } from "./relationship.ts";

const priorities = { 0: "Low", 1: "Normal", 2: "High" };

/** The columns of every activity. */
export function activityColumns(subject: number, description: number): ColumnDraft[] {
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

/** Defines a table of activities, with the relationship to who takes part. */
export function activity(
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
