/** How a destination field is written and compared. Picklists are strings in Avro. */
export type FieldType =
  | "string"
  | "textarea"
  | "email"
  | "phone"
  | "url"
  | "picklist"
  | "multipicklist"
  | "boolean"
  | "int"
  | "decimal"
  | "date"
  | "datetime"
  | "reference";

/** One field of a destination object as the plan fills it. */
export interface FieldPlan {
  readonly name: string;
  readonly type: FieldType;
  /** Characters, for texts. */
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  /** Set when a row is created and never again (creation stamps). */
  readonly createOnly?: true;
  /** A lookup: the value in the load record is the target's source key. */
  readonly reference?: {
    readonly object: string;
    /** Name the destination reads the target through, e.g. `Account` of `AccountId`. */
    readonly relationship: string;
    readonly whenDeleted: "park" | "clear";
  };
  /** An owner: the value is the technician's or user's source key, resolved through the confirmed owners; null stands for the fallback owner. */
  readonly owner?: true;
}

/** What one mapping makes of one entity. */
export interface ObjectPlan {
  readonly object: string;
  readonly entity: string;
  readonly keyField: string;
  readonly idField: string;
  readonly fields: readonly FieldPlan[];
}

/** The confirmed plan: what every stage works by. */
export interface Plan {
  /** SHA-256 (hex) of the canonical migration folder. */
  readonly hash: string;
  readonly objects: readonly ObjectPlan[];
  /** Objects in the order the first load takes them, computed from the references. */
  readonly waves: readonly (readonly string[])[];
}
