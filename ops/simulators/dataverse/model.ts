/** What a column holds. `customer` and `owner` are lookups with fixed targets; `virtual` columns are computed when read. */
export type ColumnType =
  | "uniqueidentifier"
  | "string"
  | "memo"
  | "integer"
  | "bigint"
  | "decimal"
  | "double"
  | "money"
  | "datetime"
  | "boolean"
  | "picklist"
  | "multiselect"
  | "state"
  | "status"
  | "lookup"
  | "customer"
  | "owner"
  | "partylist"
  | "entityname"
  | "image"
  | "file"
  | "virtual";

/** How much a column wants a value; only `SystemRequired` is enforced by the API. */
export type RequiredLevel = "None" | "Recommended" | "ApplicationRequired" | "SystemRequired";

/** One choice of a choice column; `state` says to which state a status reason belongs. */
export interface OptionDef {
  readonly value: number;
  readonly label: string;
  readonly state?: number;
  readonly color?: string;
}

/** A set of choices: of one column, or (global) of several. */
export interface ChoiceDef {
  readonly metadataId: string;
  readonly name: string;
  readonly isGlobal: boolean;
  readonly options: readonly OptionDef[];
  readonly custom?: boolean;
  readonly displayName?: string;
}

/** One column of a table. A definition is plain data: it is kept as JSON. */
export interface ColumnDef {
  readonly metadataId: string;
  readonly logicalName: string;
  readonly schemaName: string;
  readonly type: ColumnType;
  readonly displayName?: string;
  readonly description?: string;
  readonly custom?: boolean;
  readonly required?: RequiredLevel;
  /** Default true. A value for a column that is not valid for a write is silently ignored. */
  readonly validForCreate?: boolean;
  readonly validForUpdate?: boolean;
  readonly validForRead?: boolean;
  /** Of strings and memos, in UTF-16 units. */
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly precision?: number;
  /** `DateOnly` or `DateAndTime` of datetimes; `Text`, `Email`, `Url`, … of strings. */
  readonly format?: string;
  readonly dateBehavior?: "UserLocal" | "DateOnly" | "TimeZoneIndependent";
  readonly autoNumberFormat?: string;
  /** Choices of a picklist, multiselect, state, status or boolean column of its own. */
  readonly choice?: ChoiceDef;
  /** Or the name of a global choice. */
  readonly globalChoice?: string;
  /** Tables a lookup may point to. */
  readonly targets?: readonly string[];
  /** The column this one is a shadow of, such as the name of a lookup. */
  readonly attributeOf?: string;
  /** What a new row gets where nothing is given. */
  readonly default?: string | number | boolean;
  /** Whatever else a metadata write said and a metadata read gives back. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** What becomes of referencing rows when the referenced one is deleted, assigned, … */
export type Cascade = "NoCascade" | "Cascade" | "Active" | "UserOwned" | "RemoveLink" | "Restrict";

/** A one-to-many relationship: a lookup column (or one target of it) with its two navigation properties. */
export interface OneToManyDef {
  readonly kind: "oneToMany";
  readonly metadataId: string;
  readonly schemaName: string;
  readonly custom?: boolean;
  /** The one. */
  readonly referencedEntity: string;
  readonly referencedAttribute: string;
  /** The many, which hold the lookup column. */
  readonly referencingEntity: string;
  readonly referencingAttribute: string;
  /** Collection-valued, on the one; case-sensitive. */
  readonly referencedNavigation: string;
  /** Single-valued, on the many: the name for `@odata.bind`; case-sensitive. */
  readonly referencingNavigation: string;
  readonly cascade: {
    readonly Assign: Cascade;
    readonly Delete: Cascade;
    readonly Merge: Cascade;
    readonly Reparent: Cascade;
    readonly Share: Cascade;
    readonly Unshare: Cascade;
  };
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A many-to-many relationship with its intersect table. */
export interface ManyToManyDef {
  readonly kind: "manyToMany";
  readonly metadataId: string;
  readonly schemaName: string;
  readonly custom?: boolean;
  readonly entity1: string;
  readonly entity2: string;
  readonly intersectEntity: string;
  /** Collection-valued, on entity1 (gives rows of entity2) and on entity2. */
  readonly navigation1: string;
  readonly navigation2: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A relationship of either kind. */
export type RelationshipDef = OneToManyDef | ManyToManyDef;

/** Where the index of an alternate key stands; only an active key finds rows and forbids duplicates. */
export type KeyStatus = "Pending" | "InProgress" | "Active" | "Failed";

/** An alternate key of a table. */
export interface KeyDef {
  readonly metadataId: string;
  readonly schemaName: string;
  readonly logicalName: string;
  readonly columns: readonly string[];
  readonly status: KeyStatus;
  /** The simulator's time at which the key was ordered, in milliseconds. */
  readonly orderedAt?: number;
  readonly displayName?: string;
}

/** A bulk message a table may support. */
export type BulkMessage = "CreateMultiple" | "UpdateMultiple" | "UpsertMultiple" | "DeleteMultiple";

/** A table. */
export interface TableDef {
  readonly metadataId: string;
  readonly logicalName: string;
  readonly schemaName: string;
  /** Case-sensitive, such as `opportunities`. */
  readonly entitySetName: string;
  readonly primaryId: string;
  readonly primaryName?: string;
  readonly objectTypeCode: number;
  readonly displayName: string;
  readonly displayCollectionName: string;
  readonly description?: string;
  readonly custom: boolean;
  readonly ownership: "UserOwned" | "OrganizationOwned" | "BusinessOwned" | "None";
  readonly isActivity: boolean;
  readonly hasNotes: boolean;
  readonly hasActivities: boolean;
  readonly elastic?: boolean;
  /** Default true. */
  readonly optimisticConcurrency?: boolean;
  readonly changeTracking?: boolean;
  readonly columns: readonly ColumnDef[];
  readonly keys: readonly KeyDef[];
  /** The messages `sdkmessagefilters` lists for it. */
  readonly messages: readonly BulkMessage[];
  /** No row comes by POST to its set, such as activityparty. */
  readonly notCreatable?: boolean;
  /** Whatever else a metadata write said and a metadata read gives back. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Everything the environment knows about its tables; kept in its database, whole definitions at a time. */
export interface Model {
  /** All tables, by logical name. */
  readonly tables: readonly TableDef[];
  readonly relationships: readonly RelationshipDef[];
  readonly choices: readonly ChoiceDef[];
  table(logicalName: string): TableDef | undefined;
  tableOfSet(entitySetName: string): TableDef | undefined;
  /** The table, its name being known to be right. */
  known(logicalName: string): TableDef;
  column(table: string, logicalName: string): ColumnDef | undefined;
  /** One-to-many relationships in which this table holds the lookup. */
  manyToOne(table: string): readonly OneToManyDef[];
  /** One-to-many relationships that point to this table. */
  oneToMany(table: string): readonly OneToManyDef[];
  manyToMany(table: string): readonly ManyToManyDef[];
  /** The choices of a column, its own or the global ones. */
  optionsOf(column: ColumnDef): readonly OptionDef[];
  choice(name: string): ChoiceDef | undefined;
  /** Adds a definition or replaces the one of the same name (columns and keys change by putting their table). */
  putTable(table: TableDef): void;
  putRelationship(relationship: RelationshipDef): void;
  putChoice(choice: ChoiceDef): void;
  /** Removes a table with its rows and its relationships, a relationship, or a global choice. */
  removeTable(logicalName: string): void;
  removeRelationship(schemaName: string): void;
  removeChoice(name: string): void;
  /** Drops what rows hold in a column that is gone from its table. */
  forgetColumn(table: string, logicalName: string): void;
  /** Grows with every change. */
  readonly version: number;
}
