import type { ObjectRule } from "../object-rules.ts";
import { rowsNaming } from "../platform-rows.ts";
import { rowError } from "../row-error.ts";

/** Team members: nobody is twice in the team of a case. */
export const caseTeamMember: ObjectRule = {
  check(writer, given, before) {
    if (before !== undefined) return undefined;
    const team = rowsNaming(writer, "CaseTeamMember", "ParentId", given["ParentId"]);
    const same = team.find((row) => row.values["MemberId"] === given["MemberId"]);
    if (same === undefined) return undefined;
    const message = `duplicate value found: <unknown> duplicates value on record with id: ${same.id}`;
    return rowError("DUPLICATE_VALUE", message);
  },
};
