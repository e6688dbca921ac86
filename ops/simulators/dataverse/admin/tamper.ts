import { z } from "zod";
import { BodyRefused } from "../../server/body.ts";
import type { Environment } from "../environment.ts";
import type { TableDef } from "../model.ts";
import type { Row } from "../rows/row.ts";
import type { Seeded } from "../seed.ts";
import { ApiError } from "../web/api-error.ts";
import { updateDraft } from "../write/apply-draft.ts";
import { draftOf } from "../write/payload.ts";
import { writerOf } from "../write/writer.ts";
import { sourceKeyOf } from "./canonical-row.ts";

/** The shape of `POST /__simulator/tamper`: what another user does behind everyone's back. */
export const tamperOrder = z
  .strictObject({
    /** The logical name of the table. */
    object: z.string(),
    /** The value of the row's custom alternate key. */
    key: z.string().optional(),
    id: z.string().optional(),
    /** A payload as a PATCH would send it. */
    set: z.record(z.string(), z.unknown()).optional(),
    delete: z.literal(true).optional(),
  })
  .refine((order) => (order.set === undefined) !== (order.delete === undefined), {
    message: "either set or delete",
  })
  .refine((order) => (order.key === undefined) !== (order.id === undefined), {
    message: "either key or id",
  });

/** Edits or deletes a row as the administrator would: real stamps, no API call counted. */
export function tamper(
  env: Environment,
  seeded: Seeded,
  order: z.infer<typeof tamperOrder>,
): object {
  const table = env.model.table(order.object);
  if (table === undefined) throw new BodyRefused(404, `There is no table ${order.object}.`);
  const row = rowOf(env, table, order);
  if (row === undefined) throw new BodyRefused(404, "There is no such row.");
  try {
    env.database.transaction(() => {
      const writer = writerOf(env, {
        userId: seeded.adminId,
        businessUnitId: seeded.businessUnitId,
      });
      if (order.set === undefined) writer.delete(row);
      else updateDraft(writer, row, draftOf({ env }, table, order.set, "update"));
    });
  } catch (error) {
    if (error instanceof ApiError) throw new BodyRefused(400, `${error.code}: ${error.message}`);
    throw error;
  }
  return { id: row.id };
}

function rowOf(
  env: Environment,
  table: TableDef,
  order: z.infer<typeof tamperOrder>,
): Row | undefined {
  const rows = env.rows(table.logicalName);
  if (order.id !== undefined) return rows.get(order.id.toLowerCase());
  const key = sourceKeyOf(table);
  const id =
    key === undefined
      ? undefined
      : env.keys.find(table, key, { [key.columns[0] ?? ""]: order.key ?? "" });
  return id === undefined ? undefined : rows.get(id);
}
