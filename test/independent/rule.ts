import type { Presence } from "./presence.ts";
import type { Truth, TruthEntity, TruthRecord } from "./truth.ts";

/** A row of the truth, as the source means it. */
export type Row = TruthRecord["row"];

/** SOQL path → what it must return, as text; a path that is undefined is not compared. */
export type Columns = Readonly<Record<string, string | null | undefined>>;

/** What a rule may ask for beside the record itself. */
export interface Parts {
  readonly truth: Truth;
  readonly presence: Presence;
  /**
   * The e-mail of the user who is this person, null where nobody is, undefined where the truth alone
   * cannot tell: who was deleted may have been confirmed before.
   */
  person(entity: "user" | "technician", id: unknown): string | null | undefined;
}

/** A parent a row waits for, and whether a deleted one is left out instead. */
export interface Need {
  readonly entity: TruthEntity;
  readonly id: string | null;
  readonly clears?: boolean;
}

/** What one object holds of one entity, said a second time. */
export interface ObjectRule {
  readonly object: string;
  readonly entity: TruthEntity;
  /** Whether the record has a row there at all. */
  takes?(row: Row, parts: Parts): boolean;
  /** Why the record is refused, if it is. */
  wrong?(row: Row): string | undefined;
  needs?(row: Row, presence: Presence): readonly Need[];
  columns(row: Row, id: string, parts: Parts): Columns;
}

/** Who owns rows nobody else does. */
export const fallbackOwner = "fallback.owner@rehearsal.example";

/** The owner a row must have. */
export function ownerOf(
  parts: Parts,
  entity: "user" | "technician",
  id: unknown,
): string | undefined {
  const email = parts.person(entity, id);
  return email === null ? fallbackOwner : email;
}

/** The source key of a record; the check knows plain ids only. */
export function keyOf(entity: TruthEntity, id: string): string {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(id)) throw new Error(`The check knows plain ids only: ${id}`);
  return `${entity}-${id}`;
}

/** What a lookup must name: nothing, or the key of a record that is not left out. */
export function referenceTo({ truth }: Parts, { entity, id, clears = false }: Need): string | null {
  if (id === null) return null;
  return clears && truth[entity].get(id)?.deleted === true ? null : keyOf(entity, id);
}

/** An id, null for none. */
export function idOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
