import type { ObjectRule } from "../dml/object-rules.ts";
import { platformInsert, platformUpdate, rowsNaming } from "../dml/platform-rows.ts";
import { type RowError, rowError } from "../dml/row-error.ts";
import type { Writer } from "../dml/write.ts";
import type { Value, Values } from "../schema/field.ts";
import { parseId } from "../store/ids.ts";

const mostLinks = 2_000;

/** Documents: a new title is the latest version's, too. */
export const contentDocument: ObjectRule = {
  after({ writer, given, before }, values) {
    const names = ["Title", "Description"].filter((name) => given[name] !== undefined);
    if (before === undefined || names.length === 0) return;
    const latest = String(values["LatestPublishedVersionId"]);
    const row = writer.org.rows("ContentVersion").byId(latest);
    const changes = Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
    if (row !== undefined) platformUpdate(writer, "ContentVersion", row, changes);
  },
};

/** Links: a document is linked to a record once; a record's link lets view, a user's may let edit. */
export const contentDocumentLink: ObjectRule = {
  check(writer, given, before) {
    const entity = given["LinkedEntityId"] ?? before?.["LinkedEntityId"];
    const wrong = checkShare({ ...before, ...given }, String(entity));
    if (wrong !== undefined || before !== undefined) return wrong;
    const links = rowsNaming(
      writer,
      "ContentDocumentLink",
      "ContentDocumentId",
      given["ContentDocumentId"],
    );
    const twin = links.find((row) => row.values["LinkedEntityId"] === entity);
    if (twin !== undefined) {
      const message = `duplicate value found: LinkedEntityId, ContentDocumentId duplicates value on record with id: ${twin.id}`;
      return rowError("DUPLICATE_VALUE", message);
    }
    if (links.length < mostLinks) return undefined;
    return rowError("LIMIT_EXCEEDED", `A document can be linked ${mostLinks} times at most`);
  },
  complete(_call, values) {
    values["Visibility"] ??= "AllUsers";
  },
  checkDelete(_writer, row) {
    // Its owner keeps a file; the document is what can be deleted (section 10).
    if (row.values["ShareType"] !== "I" || !isUser(row.values["LinkedEntityId"])) return undefined;
    return rowError("INSUFFICIENT_ACCESS_OR_READONLY", "The owner's link cannot be deleted");
  },
};

function isUser(id: Value | undefined): boolean {
  return parseId(String(id))?.prefix === "005";
}

/** Which shares and visibilities a link may have (Object Reference, "ContentDocumentLink"). */
function checkShare(
  { ShareType: type, Visibility: visibility }: Values,
  entity: string,
): RowError | undefined {
  if (typeof type !== "string") {
    const message = "Required fields are missing: [ShareType]";
    return rowError("REQUIRED_FIELD_MISSING", message, ["ShareType"]);
  }
  const prefix = parseId(entity)?.prefix;
  // Users and the org are no records; a record's own sharing decides who may edit.
  if (prefix === "005" || prefix === "00D") return undefined;
  if (type === "C") return integrity("Invalid share type for this entity: C", "ShareType");
  if (visibility !== "SharedUsers") return undefined;
  return integrity("SharedUsers is for files shared with users", "Visibility");
}

function integrity(message: string, field: string): RowError {
  return rowError("FIELD_INTEGRITY_EXCEPTION", message, [field]);
}

/** Links a document as the platform does when a file is published. */
export function linkTo(
  writer: Writer,
  document: Value | undefined,
  entity: Value | undefined,
  shareType: string,
): void {
  const values: Values = {
    ContentDocumentId: document ?? null,
    LinkedEntityId: entity ?? null,
    ShareType: shareType,
    Visibility: "AllUsers",
  };
  platformInsert(writer, "ContentDocumentLink", values);
}
