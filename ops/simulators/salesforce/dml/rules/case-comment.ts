import { platformUpdate } from "../platform-rows.ts";
import type { ObjectRule } from "../object-rules.ts";

/** Comments: writing one touches its case, so that LastModifiedDate and SystemModstamp of the case move. */
export const caseComment: ObjectRule = {
  after({ writer }, values) {
    const parent = writer.org.rows("Case").byId(String(values["ParentId"]));
    if (parent !== undefined) platformUpdate(writer, "Case", parent, {});
  },
};
