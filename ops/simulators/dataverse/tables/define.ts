import { guidOf } from "../identifier.ts";
import type { BulkMessage, ColumnDef, KeyDef, OneToManyDef, TableDef } from "../model.ts";
import { activeOrNot, type ColumnDraft, plain, type States, stateColumns } from "./columns.ts";
import {
  baseAmount,
  columnOf,
  moneyColumns,
  platformColumns,
  platformRelationships,
} from "./platform-columns.ts";
import { idOf, type LookupDraft, oneToMany } from "./relationship.ts";

/** A standard table with its relationships to others. */
export interface Standard {
  readonly table: TableDef;
  readonly relationships: readonly OneToManyDef[];
}

/** What a standard table says of itself; the rest is usual. */
export interface StandardFacts {
  readonly set: string;
  readonly code: number;
  readonly schemaName?: string;
  readonly displayName?: string;
  /** The primary name column. */
  readonly name?: string;
  readonly ownership?: TableDef["ownership"];
  /** `undefined`: rows have no state. */
  readonly states?: States | undefined;
  readonly hasNotes?: boolean;
  readonly hasActivities?: boolean;
  readonly isActivity?: boolean;
  readonly messages?: readonly BulkMessage[];
  readonly keys?: Readonly<Record<string, readonly string[]>>;
  readonly notCreatable?: boolean;
  readonly columns: readonly ColumnDraft[];
  readonly lookups?: readonly LookupDraft[];
  /** Columns of the platform this table does not have. */
  readonly without?: readonly string[];
}

/** Defines a standard table. */
export function standard(logicalName: string, facts: StandardFacts): Standard {
  const { set, columns, lookups = [], ownership = "UserOwned", keys = {} } = facts;
  const owned = { logicalName, entitySetName: set, ownership };
  const states = "states" in facts ? facts.states : activeOrNot;
  const drafts = [...columns, ...(states === undefined ? [] : stateColumns(states))];
  const schemaName =
    facts.schemaName ?? `${logicalName.slice(0, 1).toUpperCase()}${logicalName.slice(1)}`;
  const table: TableDef = {
    metadataId: guidOf("table", logicalName),
    ...owned,
    schemaName,
    primaryId: idOf(logicalName),
    ...(facts.name === undefined ? {} : { primaryName: facts.name }),
    objectTypeCode: facts.code,
    displayName: facts.displayName ?? schemaName,
    displayCollectionName: `${facts.displayName ?? schemaName}s`,
    custom: false,
    isActivity: facts.isActivity ?? false,
    hasNotes: facts.hasNotes ?? false,
    hasActivities: facts.hasActivities ?? false,
    changeTracking: true,
    columns: allColumns(owned, { drafts, lookups, without: facts.without ?? [] }),
    keys: Object.entries(keys).map(([name, of]) => keyOf(logicalName, name, of)),
    messages: facts.messages ?? [],
    ...(facts.notCreatable === undefined ? {} : { notCreatable: facts.notCreatable }),
  };
  const own = lookups.flatMap((draft) => relationshipsOf(logicalName, draft));
  return { table, relationships: [...own, ...platformRelationships(table)] };
}

type Owned = Pick<TableDef, "logicalName" | "entitySetName" | "ownership">;

function allColumns(
  owned: Owned,
  given: {
    readonly drafts: readonly ColumnDraft[];
    readonly lookups: readonly LookupDraft[];
    readonly without: readonly string[];
  },
): ColumnDef[] {
  const { logicalName } = owned;
  const id = columnOf(logicalName, plain(idOf(logicalName), "uniqueidentifier", primary));
  const own = given.drafts.map((draft) => columnOf(logicalName, draft));
  const lookups = given.lookups.map((draft) => lookupColumn(logicalName, draft));
  const money = own.filter((column) => column.type === "money");
  const amounts = money.length === 0 ? [] : moneyColumns(logicalName);
  const twins = money.map((column) => baseAmount(logicalName, column));
  const columns = [id, ...own, ...lookups, ...twins, ...amounts, ...platformColumns(owned)];
  const known = new Map<string, ColumnDef>();
  for (const column of columns)
    if (!known.has(column.logicalName)) known.set(column.logicalName, column);
  for (const name of given.without) known.delete(name);
  return [...known.values()];
}

const primary = { required: "SystemRequired", validForUpdate: false } as const;

function lookupColumn(table: string, draft: LookupDraft): ColumnDef {
  const { schemaName, type, targets, more } = draft;
  return columnOf(table, { schemaName, type, targets: targets.map(({ to }) => to), ...more });
}

function relationshipsOf(table: string, draft: LookupDraft): OneToManyDef[] {
  const column = draft.schemaName.toLowerCase();
  const several = draft.targets.length > 1;
  return draft.targets.map(({ to, as, onDelete = "RemoveLink", via }) =>
    oneToMany({
      schemaName: as,
      referencedEntity: to,
      referencedAttribute: idOf(to),
      referencingEntity: table,
      referencingAttribute: column,
      referencingNavigation: via ?? (several ? `${column}_${to}` : column),
      onDelete,
    }),
  );
}

function keyOf(table: string, name: string, columns: readonly string[]): KeyDef {
  return {
    metadataId: guidOf("key", table, name),
    schemaName: name,
    logicalName: name.toLowerCase(),
    columns,
    status: "Active",
    displayName: name,
  };
}
