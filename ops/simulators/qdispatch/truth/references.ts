import type { Ledger } from "./ledger.ts";
import type { Entity, Row } from "./row.ts";

/** A note's or file's row with the job, customer and contact that follow from what it hangs on, where it does not name them. */
export function withReferences(ledger: Ledger, entity: Entity, row: Row): Row {
  if (entity !== "note" && entity !== "attachment") return row;
  const { parent_type: type, parent_id: id } = row;
  if (typeof id !== "string") return row;
  const parent = (of: Entity): Row | undefined => ledger.newest(of, id)?.row;
  const follows: Record<string, () => Partial<Row>> = {
    job: () => ({ job_id: id, customer_id: parent("job")?.["customer_id"] ?? null }),
    customer: () => ({ customer_id: id }),
    contact: () => ({ contact_id: id, customer_id: parent("contact")?.["customer_id"] ?? null }),
    location: () => ({ customer_id: parent("service_location")?.["customer_id"] ?? null }),
    invoice: () => ({
      job_id: parent("invoice")?.["job_id"] ?? null,
      customer_id: parent("invoice")?.["customer_id"] ?? null,
    }),
  };
  const none = { job_id: null, customer_id: null, contact_id: null };
  return { ...none, ...follows[String(type)]?.(), ...row };
}
