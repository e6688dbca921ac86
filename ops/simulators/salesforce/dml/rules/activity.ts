import type { Org } from "../../org.ts";
import type { Values } from "../../schema/field.ts";
import { parseId } from "../../store/ids.ts";

/**
 * The account of an activity: the related record's, where that is an account or a custom child of one,
 * else the contact's (Object Reference, "Task" and "Event", field AccountId).
 */
export function accountOf(org: Org, values: Values): string | null {
  const what = accountAt(org, values["WhatId"]);
  if (what !== undefined) return what;
  const { WhoId: who } = values;
  if (typeof who !== "string") return null;
  const account = org.rows("Contact").byId(who)?.values["AccountId"];
  return typeof account === "string" ? account : null;
}

/** The account a related record stands for; undefined where its kind has none. */
function accountAt(org: Org, id: unknown): string | null | undefined {
  const prefix = typeof id === "string" ? parseId(id)?.prefix : undefined;
  const object = prefix === undefined ? undefined : org.schema.byPrefix(prefix);
  if (typeof id !== "string" || object === undefined) return undefined;
  if (object.name === "Account") return id;
  if (!object.custom) return undefined;
  const lookup = [...object.fields.values()].find((field) => field.referenceTo.includes("Account"));
  if (lookup === undefined) return undefined;
  const account = org.rows(object.name).byId(id)?.values[lookup.name];
  return typeof account === "string" ? account : null;
}
