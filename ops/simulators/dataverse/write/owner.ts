import type { Writer } from "../extension.ts";
import type { TableDef } from "../model.ts";
import { isLookup, type Values } from "../rows/row.ts";

/** Gives a row its owner (the caller, where none is named) and the business unit that follows from it. */
export function settleOwner(writer: Writer, table: TableDef, values: Values): void {
  if (table.ownership !== "UserOwned") return;
  const { env, caller } = writer;
  const named = values["ownerid"];
  if (!isLookup(named)) {
    values["ownerid"] = { table: "systemuser", id: caller.userId };
    values["owningbusinessunit"] = { table: "businessunit", id: caller.businessUnitId };
    return;
  }
  const own = named.id === caller.userId;
  const unit = own ? undefined : env.rows(named.table).get(named.id)?.values["businessunitid"];
  const id = isLookup(unit) ? unit.id : caller.businessUnitId;
  values["owningbusinessunit"] = { table: "businessunit", id };
}
