import { flag, integer, memo, plain, readOnly, text } from "./columns.ts";
import { type Standard, standard } from "./define.ts";

/** A note on a row, with or without a file. It knows no bulk message. */
export const annotation: Standard = standard("annotation", {
  set: "annotations",
  code: 5,
  displayName: "Note",
  name: "subject",
  states: undefined,
  columns: [
    text("Subject", 500),
    memo("NoteText", 100_000),
    flag("IsDocument", false),
    text("FileName", 255),
    text("MimeType", 256),
    memo("DocumentBody", 1_073_741_823),
    integer("FileSize", 0, 1_000_000_000, readOnly),
    text("LangId", 2),
    text("StepId", 32),
    plain("ObjectTypeCode", "entityname", readOnly),
    plain("ObjectId", "lookup", { targets: [] }),
  ],
});
