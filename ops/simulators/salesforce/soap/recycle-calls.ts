import { mergeRows } from "../dml/merge.ts";
import { purge, undelete } from "../dml/recycle-bin.ts";
import type { RowOutcome } from "../dml/row-error.ts";
import type { Writer } from "../dml/write.ts";
import type { Org } from "../org.ts";
import { parseId } from "../store/ids.ts";
import { SoapFault } from "./fault.ts";
import { childOf, textOf, type XmlElement, type XmlValue } from "./xml.ts";

const mostIds = 200;

/** `undelete`, `emptyRecycleBin` and `merge`, which REST does not have: one result per row, in the order of the ids. */
export function recycleCall(org: Org, userId: string, operation: XmlElement): XmlValue {
  const { access } = org.as(userId);
  const run = (work: (writer: Writer) => RowOutcome): XmlValue => {
    const make = (): RowOutcome =>
      work({ org: org.whole, userId, access, stamp: org.nextStamp(), audit: false });
    return resultOf(org.database.transaction(make));
  };
  if (operation.name === "merge") return run((writer) => merge(writer, operation));
  const ids = idsIn(operation, "ids");
  if (ids.length > mostIds) {
    const message = `record limit reached. cannot submit more than ${mostIds} records in this operation`;
    throw new SoapFault("EXCEEDED_ID_LIMIT", message);
  }
  const one = operation.name === "undelete" ? undelete : emptied;
  return ids.map((id) => run((writer) => one(writer, id)));
}

function emptied({ org }: Writer, id: string): RowOutcome {
  return purge(org, id);
}

function merge(writer: Writer, operation: XmlElement): RowOutcome {
  const request = childOf(operation, "request");
  const master = textOf(childOf(request, "masterRecord"), "Id") ?? "";
  const object = writer.org.schema.byPrefix(parseId(master)?.prefix ?? "");
  if (request === undefined || object === undefined) {
    throw new SoapFault("INVALID_ID_FIELD", `invalid ID field: ${master}`);
  }
  return mergeRows(writer, object, master, idsIn(request, "recordToMergeIds"));
}

/** Ids by local name: jsforce sends them in a namespace of their own. */
function idsIn(element: XmlElement, name: string): string[] {
  const wanted = name.toLowerCase();
  return element.children
    .filter((child) => child.name.toLowerCase() === wanted)
    .map((child) => child.text.trim());
}

function resultOf(outcome: RowOutcome): XmlValue {
  if (outcome.ok) return { id: outcome.id, success: true };
  const { code: statusCode, message, fields } = outcome.error;
  return { errors: { fields, message, statusCode }, id: outcome.id, success: false };
}
