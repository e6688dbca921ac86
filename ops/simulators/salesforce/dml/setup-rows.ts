import type { Org } from "../org.ts";
import type { Values } from "../schema/field.ts";
import { idOf } from "../store/ids.ts";

/** Puts a row in place as the platform itself would, without the checks a client meets; returns its id. */
export function insertSetup(org: Org, object: string, values: Values): string {
  const rows = org.rows(object);
  const n = rows.nextCounter();
  const stamp = org.nextStamp();
  const now = new Date(stamp).toISOString();
  rows.insert(n, stamp, { CreatedDate: now, LastModifiedDate: now, ...values });
  return idOf(rows.object.keyPrefix, n);
}
