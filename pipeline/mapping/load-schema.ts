import type { FieldType, ObjectPlan } from "../core/plan.ts";

const millis = { type: "long", logicalType: "timestamp-millis" };

/** Decimals, dates, picklists and lookups are texts: nothing of them is lost on the way. */
function avroType(type: FieldType): unknown {
  if (type === "datetime") return millis;
  if (type === "boolean" || type === "int") return type;
  return "string";
}

/** An array where an object's records may be several rows. */
function rowsField(object: string, fields: readonly unknown[]): unknown[] {
  if (fields.length === 0) return [];
  const items = { type: "record", name: `${object}Row`, fields };
  return [
    {
      name: "rows",
      type: ["null", { type: "array", items }],
      default: null,
      doc: "The record's rows in their order; null for a delete.",
    },
  ];
}

/** The Avro schema of an object's load records, from everything that is mapped into it. */
export function loadSchema(object: string, plans: readonly ObjectPlan[]): object {
  const all = plans.flatMap((plan) => plan.fields);
  const fieldsOf = (perRow: boolean): unknown[] => {
    const fields = all.filter((field) => (field.perRow === true) === perRow);
    const named = new Map(fields.map((field) => [field.name, avroType(field.type)]));
    return [...named].map(([name, type]) => optional(name, type));
  };
  const optional = (name: string, type: unknown) => ({ name, type: ["null", type], default: null });
  return {
    type: "record",
    name: object,
    namespace: "cutover.load",
    doc: `A row of ${object} as the transform made it, its references still source keys.`,
    fields: [
      { name: "key", type: "string", doc: "Source key." },
      { name: "source_id", type: "string", doc: "The source's own id, verbatim." },
      { name: "entity", type: "string" },
      { name: "version", type: "cutover.shared.Version" },
      { name: "plan", type: "string", doc: "Hash of the confirmed plan." },
      { name: "revision", type: "int" },
      { name: "operation", type: "string", doc: "upsert or delete." },
      optional("delete_reason", "string"),
      { name: "repair", type: "boolean" },
      optional("order", "string"),
      { name: "hash", type: "string", doc: "Content hash of operation and fields." },
      { name: "committed_at", type: millis, doc: "When the source record was committed." },
      optional("fields", {
        type: "record",
        name: `${object}Fields`,
        doc: "Null clears; the whole is null for a delete.",
        fields: fieldsOf(false),
      }),
      ...rowsField(object, fieldsOf(true)),
    ],
  };
}
