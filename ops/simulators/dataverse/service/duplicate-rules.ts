import { guidOf } from "../identifier.ts";
import type { Resource } from "../web/call.ts";
import { listed } from "./listed.ts";

/** `duplicaterules`: the duplicate detection rules the settings have, all published. */
export const duplicateRuleResource: Resource = {
  name: "duplicaterules",
  handle: (call) =>
    listed(
      call,
      call.env.settings.current().duplicateRules.map(({ table, columns }) => ({
        duplicateruleid: guidOf("duplicaterule", table, ...columns),
        name: `${table}: the same ${columns.join(", ")}`,
        baseentityname: table,
        matchingentityname: table,
        iscasesensitive: false,
        statecode: 1,
        statuscode: 2,
      })),
    ),
};
