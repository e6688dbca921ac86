import type { Org } from "../../org.ts";
import type { Values } from "../../schema/field.ts";
import type { ObjectRule } from "../object-rules.ts";
import { initialStatus, isClosedStatus } from "../picklist-rows.ts";
import { platformInsert } from "../platform-rows.ts";

function isClosed(org: Org, values: Values): boolean {
  return isClosedStatus(org, "CaseStatus", values["Status"]);
}

/** Numbers follow the row counter: it is unique, grows, and needs no store of its own. */
const firstCaseNumber = 1_000;
function nextCaseNumber(org: Org): string {
  return String(firstCaseNumber + org.rows("Case").lastCounter()).padStart(8, "0");
}

/** Texts for a comment, kept between the two steps of one write: a case has no such column itself. */
const comments = new WeakMap<Values, string>();

/** Cases: their number, when they were closed, the account of their contact, and `Comments` that become a comment. */
export const serviceCase: ObjectRule = {
  // The contract leaves this open (section 14): every status that is closed counts.
  openedByAudit: (org, values) => (isClosed(org, values) ? ["ClosedDate"] : []),
  complete({ writer: { org }, before, now }, values) {
    values["Status"] ??= initialStatus(org, "CaseStatus");
    values["CaseNumber"] ??= nextCaseNumber(org);
    const closed = isClosed(org, values);
    values["IsClosed"] = closed;
    if (!closed) values["ClosedDate"] = null;
    else values["ClosedDate"] ??= now;
    const { ContactId: contactId, Comments: comment } = values;
    if (typeof comment === "string") comments.set(values, comment);
    delete values["Comments"];
    if (typeof contactId !== "string" || contactId === before?.["ContactId"]) return;
    values["AccountId"] ??= org.rows("Contact").byId(contactId)?.values["AccountId"] ?? null;
  },
  after({ writer, id }, values) {
    const comment = comments.get(values);
    if (comment === undefined) return;
    platformInsert(writer, "CaseComment", {
      ParentId: id,
      CommentBody: comment,
      IsPublished: false,
    });
  },
};
