import { z } from "zod";
import { BodyRefused } from "../../server/body.ts";
import { deleteRow } from "../dml/delete.ts";
import type { RowOutcome } from "../dml/row-error.ts";
import { updateRow } from "../dml/write.ts";
import { unbounded } from "../auth/access.ts";
import type { Org } from "../org.ts";
import type { SObject } from "../schema/sobject.ts";
import type { Row } from "../store/object-rows.ts";

/** The shape of `POST /__simulator/tamper`: what another user does behind everyone's back. */
export const tamperOrder = z
  .strictObject({
    object: z.string(),
    key: z.string().optional(),
    id: z.string().optional(),
    set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    delete: z.literal(true).optional(),
  })
  .refine((order) => (order.set === undefined) !== (order.delete === undefined), {
    message: "either set or delete",
  })
  .refine((order) => (order.key === undefined) !== (order.id === undefined), {
    message: "either key (the Source_Key__c) or id",
  });

/** Edits or deletes a row as the Admin User would: real stamps, no API call counted. */
export function tamper(org: Org, order: z.infer<typeof tamperOrder>): object {
  const object = org.schema.find(order.object);
  if (object === undefined) throw new BodyRefused(404, `There is no object ${order.object}.`);
  const row = rowOf(org, object, order);
  if (row === undefined) throw new BodyRefused(404, "There is no such row.");
  const outcome = org.database.transaction((): RowOutcome => {
    const userId = adminId(org);
    const writer = { org, userId, access: unbounded, stamp: org.nextStamp(), audit: false };
    return order.set === undefined
      ? deleteRow(writer, object, row)
      : updateRow(writer, object, row, order.set);
  });
  if (outcome.ok) return { id: outcome.id };
  throw new BodyRefused(400, `${outcome.error.code}: ${outcome.error.message}`);
}

function rowOf(org: Org, object: SObject, order: z.infer<typeof tamperOrder>): Row | undefined {
  const rows = org.rows(object.name);
  if (order.id !== undefined) return rows.byId(order.id);
  const [n] = rows.indexes.get("Source_Key__c")?.find(order.key ?? null) ?? [];
  return n === undefined ? undefined : rows.get(n);
}

function adminId(org: Org): string {
  const users = org.rows("User");
  const [n] = users.indexes.get("Username")?.find("admin@cutover.example") ?? [];
  return (n === undefined ? undefined : users.get(n)?.id) ?? "";
}
