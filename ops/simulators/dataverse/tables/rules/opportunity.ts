import type { TableRules, Writer } from "../../extension.ts";
import type { Row, Values } from "../../rows/row.ts";
import { ApiError } from "../../web/api-error.ts";
import { closeActivity } from "./close-activity.ts";
import { noteGoing, refuseClosed } from "./read-only.ts";
import { totalsOf } from "./totals.ts";

const priced = [
  "discountamount",
  "discountpercentage",
  "freightamount",
  "isrevenuesystemcalculated",
];

/** A closed opportunity is read-only until it is opened again, and closing is the business of the two actions. */
export const opportunityRules: TableRules = {
  beforeCreate(_writer, _table, values) {
    if (needsTotals(values)) Object.assign(values, totalsOf(values));
  },
  beforeUpdate(writer, before, changes) {
    const state = changes["statecode"];
    if (before.values["statecode"] !== 0) refuseClosed(writer, before, changes);
    if (typeof state === "number" && state !== 0 && state !== before.values["statecode"])
      closeByPatch(writer, before, changes);
    const all = { ...before.values, ...changes };
    if (
      needsTotals(changes) ||
      (all["isrevenuesystemcalculated"] === true && "estimatedvalue" in changes)
    )
      Object.assign(changes, totalsOf(all));
  },
  beforeDelete: noteGoing,
};

/** Invoices keep totals in the same way; a paid one is read-only. */
export const invoiceRules: TableRules = {
  beforeCreate(_writer, _table, values) {
    if (needsTotals(values)) Object.assign(values, totalsOf(values));
  },
  beforeUpdate(writer, before, changes) {
    if (before.values["statecode"] === 2) refuseClosed(writer, before, changes);
    if (needsTotals(changes)) Object.assign(changes, totalsOf({ ...before.values, ...changes }));
  },
  beforeDelete: noteGoing,
};

function needsTotals(values: Values): boolean {
  return priced.some((name) => (values[name] ?? false) !== false);
}

/** Closing without the action leaves a close activity all the same, where it is allowed at all. */
function closeByPatch(writer: Writer, before: Row, changes: Values): void {
  if (writer.env.settings.current().opportunityStatePatch === "reject") {
    throw new ApiError(
      400,
      "0x80100005",
      "The state of an opportunity cannot be set directly. Use the WinOpportunity or LoseOpportunity message.",
    );
  }
  changes["actualclosedate"] ??= writer.now.slice(0, 10);
  const state = changes["statecode"] ?? 1;
  const status = changes["statuscode"] ?? (state === 1 ? 3 : 4);
  const said = { opportunitystatecode: state, opportunitystatuscode: status };
  closeActivity(writer, before, said, undefined);
}
