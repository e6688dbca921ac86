import type { SObject, Verb } from "../schema/sobject.ts";

/** Why one row was refused. */
export interface RowError {
  readonly code: string;
  readonly message: string;
  readonly fields: readonly string[];
  /** What a REST error carries beside its message, such as the matches of a duplicate rule. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** What became of one row. */
export type RowOutcome =
  | { readonly ok: true; readonly id: string; readonly created: boolean }
  | { readonly ok: false; readonly id: string | null; readonly error: RowError };

/** Makes a row error. */
export function rowError(code: string, message: string, fields: readonly string[] = []): RowError {
  return { code, message, fields };
}

/** A refused row; its id where there was one. */
export function refused(error: RowError, id: string | null = null): RowOutcome {
  return { ok: false, id, error };
}

/** The refusal of an operation that no permission set of the user allows on the object. */
export function noAccess(): RowError {
  return rowError("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id");
}

/** The refusal of a call that an object does not support at all. */
export function unsupported(object: SObject, verb: Verb): RowError {
  const message = `entity type ${object.name} does not support ${verb}`;
  return rowError("INVALID_TYPE_FOR_OPERATION", message);
}

/** The refusal of fields that a caller may not write. */
export function blockedFields(names: readonly string[]): RowError {
  const list = names.join(", ");
  return rowError(
    "INVALID_FIELD_FOR_INSERT_UPDATE",
    `Unable to create/update fields: ${list}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    names,
  );
}
