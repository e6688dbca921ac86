import type { LoadRecord, FieldValue } from "../core/load-record.ts";
import { sourceKey } from "../core/source-key.ts";
import type { SourceRecord } from "../core/source-record.ts";
import type { CompiledField } from "./compile-field.ts";
import type { CompiledMapping } from "./compile-mapping.ts";
import { contentHash, deleteHash, rowsHash } from "./content-hash.ts";
import type { MapContext, Mapper, MapResult } from "./mapper.ts";
import { Fault, type Source } from "./rules/rule.ts";

/** Why a record has no row although the source still has it. */
const noRow = "no_row";
const pending: MapResult = { kind: "skipped", reason: "members_pending" };

type Row = Readonly<Record<string, FieldValue>>;

/** The mapper of one mapping: compiled once, called for every record. */
export function rowMapper(mapping: CompiledMapping, planHash: string): Mapper {
  const { object, entity } = mapping.plan;
  const fields = fieldsMapper(mapping.fields);
  const names = mapping.fields.map(({ plan }) => plan.name);
  const rowsOf = mapping.rowFields.length === 0 ? undefined : rowsMapper(mapping.rowFields);
  const rowNames = mapping.rowFields.map(({ plan }) => plan.name);
  const { holds } = mapping;
  return {
    object,
    entity,
    map(record, context) {
      const source = record as unknown as Source;
      if (record.meta.deleted) return deletion(record.meta.delete_reason);
      if (record.meta.members === "pending") return pending;
      if (holds !== undefined && !holds(source)) return deletion(noRow);
      const row = fields(source);
      if (row instanceof Rejection) return { kind: "rejected", error: row.error(object) };
      const made = upsert(record, context, row);
      if (rowsOf === undefined) return { kind: "mapped", record: made };
      const rows = rowsOf(source);
      if (rows instanceof Rejection) return { kind: "rejected", error: rows.error(object) };
      return { kind: "mapped", record: { ...made, hash: hashOf(made, rows), rows } };

      function deletion(reason: string | null): MapResult {
        const gone = {
          ...envelope(record, context),
          operation: "delete" as const,
          delete_reason: reason,
          hash: deleteHash,
          fields: null,
        };
        return { kind: "mapped", record: gone };
      }
    },
  };

  function hashOf({ hash }: LoadRecord, rows: readonly Row[]): string {
    return rowsHash(
      hash,
      rows.map((row) => contentHash(rowNames, row)),
    );
  }

  function upsert(record: SourceRecord, context: MapContext, row: Row): LoadRecord {
    return {
      ...envelope(record, context),
      operation: "upsert",
      delete_reason: null,
      hash: contentHash(names, row),
      fields: row,
    };
  }

  function envelope({ id, meta }: SourceRecord, { version, committedAt }: MapContext) {
    return {
      key: sourceKey(entity, id),
      source_id: id,
      entity,
      version,
      plan: planHash,
      revision: meta.revision,
      repair: meta.repair,
      order: meta.order,
      committed_at: committedAt,
    };
  }
}

/** The first field that gave no value. */
class Rejection {
  readonly #field: CompiledField;
  readonly #fault: Fault;

  constructor(field: CompiledField, fault: Fault) {
    this.#field = field;
    this.#fault = fault;
  }

  error(object: string) {
    const { plan, reads } = this.#field;
    const source = reads[0] ?? plan.name;
    const { code, text } = this.#fault;
    return {
      code,
      object,
      field: source,
      message: `${source} (for ${object}.${plan.name}) ${text}`,
    };
  }
}

/** All rows of a record: each takes its place's value of every field. */
function rowsMapper(
  fields: readonly CompiledField[],
): (record: Source) => readonly Row[] | Rejection {
  return (record) => {
    const rows: Record<string, FieldValue>[] = [];
    for (const field of fields) {
      const values = field.readRows?.(record) ?? [];
      if (values instanceof Fault) return new Rejection(field, values);
      for (const [at, value] of values.entries()) (rows[at] ??= {})[field.plan.name] = value;
    }
    return rows;
  };
}

function fieldsMapper(fields: readonly CompiledField[]): (record: Source) => Row | Rejection {
  // JSON.parse makes an object with all its properties in place, and the spread keeps it so: one
  // filled name by name becomes a hash table past a dozen names, which encoding pays for.
  const empty = JSON.parse(
    JSON.stringify(Object.fromEntries(fields.map(({ plan }) => [plan.name, null]))),
  ) as Record<string, FieldValue>;
  const names = fields.map(({ plan }) => plan.name);
  const readers = fields.map(({ read }) => read);
  return (record) => {
    const row = { ...empty };
    for (let at = 0; at < readers.length; at += 1) {
      const value = (readers[at] as CompiledField["read"])(record);
      if (value === null) continue;
      if (typeof value === "object") return new Rejection(fields[at] as CompiledField, value);
      row[names[at] as string] = value;
    }
    return row;
  };
}
