import { guidOf, newGuid } from "../identifier.ts";
import type { Cascade, ColumnDef, OneToManyDef } from "../model.ts";

/** One target of a lookup column. */
export interface Target {
  readonly to: string;
  /** Schema name of the relationship. */
  readonly as: string;
  /** What becomes of the row when the one it points to is deleted; usually the lookup is emptied. */
  readonly onDelete?: Cascade;
  /** Navigation property on the row; the name of the column (with the target, where there are several) if not given. */
  readonly via?: string;
}

/** A lookup column on its way into a table, with a relationship for each table it may point to. */
export interface LookupDraft {
  readonly schemaName: string;
  readonly type: "lookup" | "customer";
  readonly targets: readonly Target[];
  readonly more: Partial<ColumnDef>;
}

/** A lookup with its targets. */
export function lookup(
  schemaName: string,
  targets: readonly Target[],
  more: Partial<ColumnDef> = {},
): LookupDraft {
  return { schemaName, type: "lookup", targets, more };
}

/** A lookup to an account or a contact. */
export function customer(
  schemaName: string,
  [account, contact]: readonly [account: string, contact: string],
  onDelete: Cascade,
  more: Partial<ColumnDef> = {},
): LookupDraft {
  const targets: Target[] = [
    { to: "account", as: account, onDelete },
    { to: "contact", as: contact, onDelete },
  ];
  return { schemaName, type: "customer", targets, more };
}

/** What a one-to-many relationship says; what is not said follows from the rest. */
export type RelationshipFacts = Pick<
  OneToManyDef,
  | "schemaName"
  | "referencedEntity"
  | "referencedAttribute"
  | "referencingEntity"
  | "referencingAttribute"
  | "referencingNavigation"
> & {
  readonly onDelete: Cascade;
  readonly custom?: boolean;
  readonly referencedNavigation?: string;
};

/** Makes a relationship; that of the service itself has the same id everywhere. */
export function oneToMany(facts: RelationshipFacts): OneToManyDef {
  const { onDelete, custom = false, referencedNavigation = facts.schemaName, ...names } = facts;
  const follows: Cascade = onDelete === "Cascade" ? "Cascade" : "NoCascade";
  return {
    kind: "oneToMany",
    metadataId: custom ? newGuid() : guidOf("relationship", names.schemaName),
    ...names,
    custom,
    referencedNavigation,
    cascade: {
      Assign: follows,
      Delete: onDelete,
      Merge: "NoCascade",
      Reparent: follows,
      Share: follows,
      Unshare: follows,
    },
  };
}

/** The primary id column of a standard table: activities share theirs. */
export function idOf(table: string): string {
  return activityTables.has(table) || table === "activitypointer" ? "activityid" : `${table}id`;
}

/** Tables whose rows are activities. */
export const activityTables: ReadonlySet<string> = new Set([
  "task",
  "phonecall",
  "appointment",
  "email",
  "opportunityclose",
]);

/** The relationship by which an activity regards a row of a table. */
export function regarding(activity: string, target: string, custom = false): OneToManyDef {
  const plural = activity === "activitypointer" ? "ActivityPointers" : collections[activity];
  const prefix = custom ? target : `${target.slice(0, 1).toUpperCase()}${target.slice(1)}`;
  const pointer = activity === "activitypointer";
  return oneToMany({
    schemaName: `${prefix}_${plural ?? `${activity}s`}`,
    referencedEntity: target,
    referencedAttribute: idOf(target),
    referencingEntity: activity,
    referencingAttribute: "regardingobjectid",
    referencingNavigation: `regardingobjectid_${target}${pointer ? "" : `_${activity}`}`,
    // A pointer goes with its activity.
    onDelete: pointer ? "NoCascade" : "Cascade",
    custom,
  });
}

const collections: Readonly<Record<string, string>> = {
  task: "Tasks",
  phonecall: "Phonecalls",
  appointment: "Appointments",
  email: "Emails",
  opportunityclose: "OpportunityCloses",
};

/** The relationship by which a note hangs on a row of a table. */
export function annotated(target: string, custom = false): OneToManyDef {
  const prefix = `${target.slice(0, 1).toUpperCase()}${target.slice(1)}`;
  return oneToMany({
    schemaName: custom ? `${target}_Annotations` : `${prefix}_Annotation`,
    referencedEntity: target,
    referencedAttribute: idOf(target),
    referencingEntity: "annotation",
    referencingAttribute: "objectid",
    referencingNavigation: `objectid_${target}`,
    onDelete: "Cascade",
    custom,
  });
}
