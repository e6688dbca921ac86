import { letters, text } from "../canonical-text.ts";
import { signedBody } from "../document-rules.ts";
import {
  type Columns,
  idOf,
  type Need,
  type ObjectRule,
  type Parts,
  referenceTo,
  type Row,
} from "../rule.ts";
import type { Presence } from "../presence.ts";
import { comparableText, htmlWords } from "./forms.ts";
import { propertiesOf, stamps } from "./head.ts";

/** More HTML than a note may hold shows its beginning and is a file as a whole. */
const longestHtml = 90_000;
const types: Readonly<Record<string, string>> = {
  jpeg: "image/jpeg",
  png: "image/png",
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  txt: "text/plain",
  // Bytes alone do not tell a table from a text.
  csv: "text/plain",
};

/** Notes and files, on whatever they hang. */
export const noteRules: readonly ObjectRule[] = [
  {
    object: "annotation",
    entity: "note",
    needs: (row, presence) => [parentOf(row, presence)],
    columns: noteColumns,
  },
  {
    object: "annotation",
    entity: "attachment",
    wrong(row) {
      if (typeof row["sha256"] !== "string") return "a file that is not there";
      return sizeOf(row) === 0 ? "an empty file" : undefined;
    },
    needs: (row, presence) => [parentOf(row, presence)],
    columns: fileColumns,
  },
];

function noteColumns(row: Row, id: string, parts: Parts): Columns {
  const written = {
    created_at: row["written_at"] ?? row["created_at"],
    created_by: row["author_id"] ?? row["created_by"],
  };
  const html = htmlOf(row);
  // Markdown is read as plain text: its words stand, its marks do not.
  const form = row["format"] === "html" ? "words" : "letters";
  const isSigned = signedBody(row) !== String(row["body"] ?? "").trim();
  // Author and time stand in bold above the words.
  const words = form === "words" && isSigned ? `<b>${htmlWords(html)}` : htmlWords(html);
  const isFile = html.length > longestHtml;
  const below = labelled(parentLabels(row));
  return {
    ...stamps(row, parts, written),
    objectid: referenceTo(parts, parentOf(row, parts.presence)),
    subject: row["visibility"] === "customer" ? "Note shown to the customer" : "Note",
    [isFile ? "notetext#beginning" : `notetext#${form}`]: isFile
      ? htmlWords(html).slice(0, 500)
      : words + letters(below),
    filename: isFile ? `note-${id}.txt` : null,
    mimetype: isFile ? "text/plain" : null,
    "documentbody#letters": isFile ? letters(signedBody(row)) : null,
  };
}

function htmlOf(row: Row): string {
  const body = signedBody(row);
  if (row["format"] === "html") return body;
  return body.replace(/</g, "&lt;");
}

function fileColumns(row: Row, id: string, parts: Parts): Columns {
  const name = text(row["file_name"]) ?? id;
  const isPlain = /^[\w .-]+\.[a-z]{3,4}$/.test(name);
  const { type } = (row["file"] ?? {}) as { type?: string };
  const lines = {
    Kind: text(row["kind"]),
    Taken: typeof row["taken_at"] === "string" ? utc(row["taken_at"]) : null,
    "Original name": text(row["file_name"]),
    "Detected type": types[String(type)] ?? null,
    "Of note": text(row["note_id"]),
    ...parentLabels(row),
  };
  return {
    ...stamps(row, parts),
    objectid: referenceTo(parts, parentOf(row, parts.presence)),
    // Names file systems do not take are the product's own to mend.
    subject: isPlain ? name.replace(/\.[^.]+$/, "") : undefined,
    filename: isPlain ? name : undefined,
    mimetype: text(row["mime_type"]),
    "notetext#letters": letters(labelled(lines)),
    "documentbody#sha256": String(row["sha256"]),
  };
}

/** What no lookup says of a note's or file's parent, and its properties. */
function parentLabels(row: Row): Record<string, string | null> {
  const isBound = ["job", "contact", "customer"].includes(String(row["parent_type"]));
  const properties = propertiesOf(row);
  return {
    "Parent kind": isBound ? null : text(row["parent_type"]),
    "Source parent": isBound ? null : text(row["parent_id"]),
    "Custom properties":
      properties.length === 0 ? null : comparableText(JSON.stringify(properties)),
  };
}

function labelled(lines: Readonly<Record<string, string | null>>): string {
  return Object.entries(lines)
    .flatMap(([label, value]) => (value === null ? [] : [`${label}: ${value}`]))
    .join("\n");
}

function utc(at: string): string {
  return `${at.slice(0, 19).replace("T", " ")} UTC`;
}

function parentOf(row: Row, presence: Presence): Need {
  const [job, contact] = [idOf(row["job_id"]), idOf(row["contact_id"])];
  if (job !== null) return { entity: "job", id: job };
  if (contact !== null) return { entity: "contact", id: contact };
  return { entity: "customer", id: presence.customer(row["customer_id"]) };
}

function sizeOf(row: Row): number {
  const stored = row["file"] as { size?: number } | null | undefined;
  return stored?.size ?? Number(row["size"]);
}
