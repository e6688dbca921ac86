/** What a migration can move into. */
export type DestinationKind = "salesforce" | "dynamics";

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
  | "reference"
  /** Bytes: `sha256:<hex>:<bytes>` names a blob of the blob folder, `text:<content>` is the content itself. */
  | "file";

/** One field of a destination object as the plan fills it. */
export interface FieldPlan {
  readonly name: string;
  readonly type: FieldType;
  /** Characters, for texts. */
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  /** A text of markup: compared by what the markup says, not letter by letter. */
  readonly html?: true;
  /** Set when a row is created and never again (creation stamps). */
  readonly createOnly?: true;
  /** A lookup: the value in the load record is the target's source key. */
  readonly reference?: {
    readonly object: string;
    /** Lookups to several objects: the object by the entity a key begins with, see `referencedObject`. */
    readonly byEntity?: Readonly<Record<string, string>>;
    /** Name the destination reads the target through, where it has one beside the field's own. */
    readonly relationship?: string;
    readonly whenDeleted: "park" | "clear";
  };
  /** An owner: the value is the technician's or user's source key, resolved through the confirmed owners; null stands for the fallback owner. */
  readonly owner?: true;
  /** What an owner nobody was found for becomes: the fallback owner (default), or nothing. */
  readonly unresolved?: "fallback" | "empty";
  /** Stands in each of a record's `rows`, not in its `fields`. */
  readonly perRow?: true;
}

/**
 * How a row of an object is known again. external_id: by `keyField`. natural: by the values of
 * `naturalKey`, unique at the destination. content: by parent and content, as a multiset (equal rows
 * are interchangeable). user: the row is a confirmed user of the destination, only ever updated.
 * primary_key: the row's own id is made from the source key, which no field of the object holds.
 */
export type RowIdentity = "external_id" | "natural" | "content" | "user" | "primary_key";

/** What one mapping makes of one entity. */
export interface ObjectPlan {
  readonly object: string;
  readonly entity: string;
  readonly identity: RowIdentity;
  /** Fields that together are unique, for identity natural. */
  readonly naturalKey?: readonly string[];
  /** Fields by which a row that others made is found and taken over before the first insert. */
  readonly find?: { readonly by: readonly string[] };
  /** Empty where the object has no field for the source key (identity natural, content, primary_key). */
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

/** The object a lookup's value refers to: one for all, or by the entity its source key begins with. */
export function referencedObject(
  reference: NonNullable<FieldPlan["reference"]>,
  key: string,
): string {
  return reference.byEntity?.[key.slice(0, key.indexOf("-"))] ?? reference.object;
}
