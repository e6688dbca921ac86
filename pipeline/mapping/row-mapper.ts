import type { LoadRecord, FieldValue } from "../core/load-record.ts";
import { sourceKey } from "../core/source-key.ts";
import type { SourceRecord } from "../core/source-record.ts";
import type { CompiledField } from "./compile-field.ts";
import type { CompiledMapping } from "./compile-mapping.ts";
import { contentHash, deleteHash } from "./content-hash.ts";
import type { MapContext, Mapper, MapResult } from "./mapper.ts";
import { Fault, type Source } from "./rules/rule.ts";

const pending: MapResult = { kind: "skipped", reason: "members_pending" };

/** The mapper of one mapping: compiled once, called for every record. */
export function rowMapper(mapping: CompiledMapping, planHash: string): Mapper {
  const { object, entity } = mapping.plan;
  const fields = fieldsMapper(mapping.fields);
  const names = mapping.fields.map(({ plan }) => plan.name);
  return {
    object,
    entity,
    map(record, context) {
      if (record.meta.deleted) return { kind: "mapped", record: deletion(record) };
      if (record.meta.members === "pending") return pending;
      const row = fields(record as unknown as Source);
      if (row instanceof Rejection) return { kind: "rejected", error: row.error(object) };
      return { kind: "mapped", record: upsert(record, context, row) };

      function deletion(gone: SourceRecord): LoadRecord {
        return {
          ...envelope(gone, context),
          operation: "delete",
          delete_reason: gone.meta.delete_reason,
          hash: deleteHash,
          fields: null,
        };
      }
    },
  };

  function upsert(
    record: SourceRecord,
    context: MapContext,
    row: Readonly<Record<string, FieldValue>>,
  ): LoadRecord {
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

function fieldsMapper(
  fields: readonly CompiledField[],
): (record: Source) => Readonly<Record<string, FieldValue>> | Rejection {
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
