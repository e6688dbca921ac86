import type { Row } from "../truth/row.ts";
import { custom, idNumber, type Wire } from "./wire-values.ts";

/** A note. */
export function noteWire(row: Row): Wire {
  return {
    ...parent(row),
    body: row["body"],
    format: row["format"],
    visibility: row["visibility"],
    pinned: row["pinned"],
    authorId: idNumber(row["author_id"]),
    authorName: row["author_name"],
    writtenOn: row["written_at"],
    createdById: idNumber(row["created_by"]),
    customFields: custom(row),
  };
}

/** A file's row; its address is signed for the one who asked. */
export function attachmentWire(
  row: Row,
  address: { url: string; expires: string | null } | null,
): Wire {
  return {
    ...parent(row),
    noteId: idNumber(row["note_id"]),
    fileName: row["file_name"],
    contentType: row["mime_type"],
    size: row["size"],
    type: row["kind"],
    takenOn: row["taken_at"],
    url: address?.url ?? null,
    urlExpiresOn: address?.expires ?? null,
    createdById: idNumber(row["created_by"]),
    customFields: custom(row),
  };
}

function parent(row: Row): Wire {
  return {
    parentType: row["parent_type"],
    parentId: idNumber(row["parent_id"]),
    jobId: idNumber(row["job_id"]),
    customerId: idNumber(row["customer_id"]),
    contactId: idNumber(row["contact_id"]),
  };
}
