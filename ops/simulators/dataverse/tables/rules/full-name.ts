import type { TableRules } from "../../extension.ts";
import type { Values } from "../../rows/row.ts";
import { refuseClosed } from "./read-only.ts";

/** `fullname` follows from the parts of a name. */
export const fullNameRules: TableRules = {
  beforeCreate: (_writer, _table, values) => name(values, values),
  beforeUpdate(_writer, before, changes) {
    if (!parts.some((part) => part in changes)) return;
    name({ ...before.values, ...changes }, changes);
  },
};

/** A lead that is qualified or disqualified is read-only until it is open again. */
export const leadRules: TableRules = {
  ...fullNameRules,
  beforeUpdate(writer, before, changes) {
    if (before.values["statecode"] !== 0) refuseClosed(writer, before, changes);
    fullNameRules.beforeUpdate?.(writer, before, changes);
  },
};

const parts = ["firstname", "middlename", "lastname"];

function name(from: Values, into: Values): void {
  const full = ["firstname", "lastname"]
    .map((part) => from[part])
    .filter((part) => typeof part === "string")
    .join(" ");
  into["fullname"] = full === "" ? null : full;
}
