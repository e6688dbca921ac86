import type { TableRules } from "../extension.ts";
import { ApiError } from "../web/api-error.ts";

/** A publisher's prefix: 2 to 8 letters and digits, a letter first, and not the service's own. */
export const publisherRules: TableRules = {
  beforeCreate: (_writer, _table, values) => check(values["customizationprefix"]),
  beforeUpdate: (_writer, _before, changes) => {
    if ("customizationprefix" in changes) check(changes["customizationprefix"]);
  },
};

function check(prefix: unknown): void {
  if (
    typeof prefix === "string" &&
    /^[a-z][a-z0-9]{1,7}$/.test(prefix) &&
    !prefix.startsWith("mscrm")
  )
    return;
  throw new ApiError(
    400,
    "0x80044366",
    `The customization prefix '${String(prefix)}' is not valid: 2 to 8 lower-case letters and digits, a letter first, not beginning with mscrm.`,
  );
}
