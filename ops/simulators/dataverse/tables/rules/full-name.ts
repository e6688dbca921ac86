import type { TableRules } from "../../extension.ts";
import type { Values } from "../../rows/row.ts";

/** `fullname` follows from the parts of a name. */
export const fullNameRules: TableRules = {
  beforeCreate: (_writer, _table, values) => name(values, values),
  beforeUpdate(_writer, before, changes) {
    if (!parts.some((part) => part in changes)) return;
    name({ ...before.values, ...changes }, changes);
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
