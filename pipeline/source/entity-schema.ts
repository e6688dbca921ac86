import type { SourceEntity } from "../core/source-record.ts";
import { readSchema } from "../kafka/schema-files.ts";

/** An Avro type as far as source schemas use it. */
export type AvroType =
  | string
  | readonly AvroType[]
  | {
      readonly type: string;
      readonly logicalType?: string;
      readonly name?: string;
      readonly items?: AvroType;
      readonly fields?: readonly EntityField[];
    };

/** One field of an entity's schema. */
export interface EntityField {
  readonly name: string;
  readonly type: AvroType;
}

/**
 * What each root embeds and from which entity; these fields are composed, never selected. A count
 * without a list is a count only.
 */
export const composedFields: Readonly<Partial<Record<SourceEntity, readonly string[]>>> = {
  customer: ["locations", "locations_count", "work_open", "work_closed"],
  job: [
    "location",
    "status_events",
    "status_events_count",
    "assignments",
    "assignments_count",
    "line_items_count",
    "invoices",
    "invoices_count",
    "appointments",
    "appointments_count",
    "zone_name",
  ],
  invoice: ["job_status", "lines_total", "lines_count", "payments_total", "payments_count"],
  payment: ["invoice_id"],
};

const cache = new Map<SourceEntity, readonly EntityField[]>();

/** The fields of an entity that come from its own row, in the schema's order. */
export function entityFields(entity: SourceEntity): readonly EntityField[] {
  let fields = cache.get(entity);
  if (fields === undefined) {
    const schema = readSchema(`source/${entity}`) as { fields: readonly EntityField[] };
    const own = ["meta", "raw", "source_url", ...(composedFields[entity] ?? [])];
    fields = schema.fields.filter(({ name }) => !own.includes(name));
    cache.set(entity, fields);
  }
  return fields;
}

/** The type without its null, and whether it had one. */
export function withoutNull(type: AvroType): { type: AvroType; nullable: boolean } {
  if (!Array.isArray(type)) return { type, nullable: false };
  const rest = (type as readonly AvroType[]).filter((each) => each !== "null");
  return { type: rest[0] as AvroType, nullable: rest.length < type.length };
}
