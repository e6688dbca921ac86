import { letters, moment, text } from "./canonical-text.ts";
import type { Presence } from "./presence.ts";
import { idOf, keyOf, type Need, type ObjectRule, type Parts, type Row } from "./rule.ts";

/** More than a comment, or all the comments of one note, may hold: a file. */
const commentsBytes = 131_072;

/** Files, and the notes that are files. */
export const documentRules: readonly ObjectRule[] = [
  {
    object: "ContentVersion",
    entity: "attachment",
    wrong(row) {
      if (typeof row["sha256"] !== "string") return "a file that is not there";
      return sizeOf(row) === 0 ? "an empty file" : undefined;
    },
    columns: (row, id) => ({
      Source_System_ID__c: id,
      Original_File_Name__c: text(row["file_name"]),
      Original_Mime_Type__c: text(row["mime_type"]),
      Attachment_Kind__c: text(row["kind"]),
      ContentSize: String(sizeOf(row)),
      sha256: String(row["sha256"]),
    }),
  },
  {
    object: "ContentVersion",
    entity: "note",
    takes: (row) => !isComment(row),
    wrong: () => undefined,
    columns: (row, id) => ({
      Source_System_ID__c: id,
      Author_Name__c: text(row["author_name"]),
      Visibility__c: text(row["visibility"]),
      letters: letters(signedBody(row)),
    }),
  },
];

/** A note's words, under author and time where the author is known by name only. */
export function signedBody(row: Row): string {
  const body = String(row["body"] ?? "").trim();
  const name = text(row["author_name"]);
  if (idOf(row["author_id"]) !== null || name === null) return body;
  const at = moment(row["written_at"] ?? row["created_at"]);
  return at === null
    ? `${name}\n${body}`
    : `${name}, ${at.slice(0, 19).replace("T", " ")} UTC\n${body}`;
}

/** Whether a note is a comment of its case. */
export function isComment(row: Row): boolean {
  const plain = String(row["body"] ?? "").replace(/<[^>]*>/g, "");
  return row["parent_type"] === "job" && Buffer.byteLength(plain) <= commentsBytes;
}

/** Pairs of a document's key and the key of what it is linked to; a file whose parent has no row waits. */
export function expectedLinks(parts: Parts): {
  readonly pairs: ReadonlySet<string>;
  readonly absent: ReadonlyMap<string, string>;
} {
  const pairs = new Set<string>();
  const absent = new Map<string, string>();
  for (const rule of documentRules) {
    for (const [id, { row }] of parts.truth[rule.entity]) {
      if (parts.presence.why(rule, id) !== undefined) continue;
      const parent = parentOf(row, parts.presence);
      const why = parent.id === null ? "no parent" : waits(parent, parts.presence);
      const key = keyOf(rule.entity, id);
      if (why === undefined) pairs.add(`${key} ${keyOf(parent.entity, String(parent.id))}`);
      else absent.set(key, why);
    }
  }
  return { pairs, absent };
}

function parentOf(row: Row, presence: Presence): Need {
  const [job, contact] = [idOf(row["job_id"]), idOf(row["contact_id"])];
  if (job !== null) return { entity: "job", id: job };
  if (contact !== null) return { entity: "contact", id: contact };
  return { entity: "customer", id: presence.customer(row["customer_id"]) };
}

function waits({ entity, id }: Need, presence: Presence): string | undefined {
  const why = presence.whyNoTarget(entity, String(id));
  return why === undefined ? undefined : `waits for ${entity} ${String(id)} (${why})`;
}

function sizeOf(row: Row): number {
  const stored = row["file"] as { size?: number } | null | undefined;
  return stored?.size ?? Number(row["size"]);
}
