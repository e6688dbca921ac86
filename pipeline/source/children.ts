import type { SourceEntity } from "../core/source-record.ts";
import { Fault } from "./coerce.ts";
import { digest } from "./hash.ts";
import { compilePath, type JsonPath } from "./json-path.ts";
import type { ChildProfile } from "./profile-schema.ts";
import { compileSelect, type OwnFields, type TimeReading } from "./select.ts";

/** One nested row as found: a record of its own, or what is wrong with it. */
export interface NestedRow {
  readonly id: string;
  /** The child's part of the payload. */
  readonly part: object;
  readonly fields: OwnFields | Fault;
}

/** The nested rows of one kind in one parent row. */
export interface NestedList {
  readonly entity: SourceEntity;
  readonly rows: readonly NestedRow[];
  /** Known to be all there are: only then does absence mean gone. */
  readonly whole: boolean;
}

/** Finds the nested rows of a parent's row; undefined where the row does not hold the list at all. */
export interface Exploder {
  readonly entity: SourceEntity;
  explode(row: object, parentId: string): NestedList | undefined;
}

/** Where a child stands says nothing about which child it is. */
const positions: Readonly<Record<string, undefined>> = {
  id: undefined,
  position: undefined,
  seq: undefined,
};

/** Compiles one kind of nested rows. */
export function exploderOf(profile: ChildProfile, times: TimeReading): Exploder {
  const { entity, parent_field, cap } = profile;
  const path = compilePath(profile.each) as JsonPath;
  const more = profile.has_more_path === undefined ? undefined : compilePath(profile.has_more_path);
  const select = compileSelect(entity, profile.fields, { ...times, given: ["id", parent_field] });
  const idPath =
    typeof profile.fields["id"] === "string" ? compilePath(profile.fields["id"]) : undefined;
  return {
    entity,
    explode(row, parentId) {
      const found = path(row);
      if (!Array.isArray(found)) return undefined;
      const parts = found.filter(
        (part): part is object => part !== null && typeof part === "object",
      );
      const whole = found.length === parts.length && found.length < cap && more?.(row) !== true;
      return { entity, rows: rowsOf(parts, row, parentId), whole };
    },
  };

  function rowsOf(parts: readonly object[], row: object, parentId: string): NestedRow[] {
    const equals = new Map<string, number>();
    return parts.map((part) => {
      const fields = select(part, row);
      if (!(fields instanceof Fault)) fields[parent_field] = parentId;
      const own = idPath?.(part);
      if (typeof own === "string" || typeof own === "number")
        return named(String(own), part, fields);
      const content = digest([
        parentId,
        fields instanceof Fault ? part : { ...fields, ...positions },
      ]);
      const ordinal = (equals.get(content) ?? 0) + 1;
      equals.set(content, ordinal);
      return named(`h${content.slice(0, 24)}.${ordinal}`, part, fields);
    });
  }
}

function named(id: string, part: object, fields: OwnFields | Fault): NestedRow {
  if (!(fields instanceof Fault)) fields.id = id;
  return { id, part, fields };
}
