import { letters, moment, seconds } from "./canonical-text.ts";
import { isComment, signedBody } from "./document-rules.ts";
import { keyOf, type ObjectRule, type Parts } from "./rule.ts";
import type { FoundRow } from "./salesforce-rows.ts";

/** A comment has no key: notes are compared as a multiset per case, a split one put together again. */
interface Comment {
  /** Case, time, whether it is published, and the words' letters. */
  readonly signature: string;
  /** The words exactly, where nothing but trimming may have happened to them. */
  readonly exact: string | undefined;
}

/** Notes as comments: which of them have rows. */
export const commentRule: ObjectRule = {
  object: "CaseComment",
  entity: "note",
  takes: isComment,
  needs: (row) => [{ entity: "job", id: row["job_id"] === null ? null : String(row["job_id"]) }],
  columns: () => ({}),
};

/** One line for each comment that is missing, extra or not word for word. */
export function commentDifferences(parts: Parts, found: readonly FoundRow[]): string[] {
  const wanted: Comment[] = [];
  for (const [id, { row }] of parts.truth.note) {
    if (parts.presence.why(commentRule, id) !== undefined) continue;
    const body = signedBody(row);
    const head = [
      keyOf("job", String(row["job_id"])),
      moment(row["written_at"] ?? row["created_at"]),
    ];
    const isPlain = row["format"] === "text" && Buffer.byteLength(body) <= 4000;
    wanted.push({
      signature: [...head, row["visibility"] === "customer", letters(body)].join(" "),
      exact: isPlain ? [...head, lines(body)].join(" ") : undefined,
    });
  }
  const held = assembled(found);
  return [
    ...missingOf(
      wanted.map(({ signature }) => signature),
      held.signatures,
      "missing",
    ),
    ...missingOf(
      held.signatures,
      wanted.map(({ signature }) => signature),
      "extra",
    ),
    ...missingOf(
      wanted.flatMap(({ exact }) => exact ?? []),
      held.exact,
      "not word for word",
    ),
  ];
}

/** Parts `(1/3)` of one note share case, time and author. */
function assembled(found: readonly FoundRow[]): { signatures: string[]; exact: string[] } {
  const groups = Map.groupBy(found, (row) => {
    const isPart = /^\(\d+\/\d+\) /.test(String(row["CommentBody"]));
    return isPart ? [headOf(row), row["CreatedById"]].join(" ") : String(row["Id"]);
  });
  const signatures: string[] = [];
  const exact: string[] = [];
  for (const rows of groups.values()) {
    const [first] = rows as [FoundRow];
    const ordered = rows
      .map((row) => String(row["CommentBody"]))
      .sort((a, b) => numberOf(a) - numberOf(b));
    const words = ordered.map((body) => body.replace(/^\(\d+\/\d+\) /, "")).join(" ");
    signatures.push(`${headOf(first)} ${first["IsPublished"] === true} ${letters(words)}`);
    exact.push(`${headOf(first)} ${lines(words)}`);
  }
  return { signatures, exact };
}

function headOf(row: FoundRow): string {
  return `${String(row["Parent.Source_Key__c"])} ${seconds(Date.parse(String(row["CreatedDate"])))}`;
}

function numberOf(body: string): number {
  return Number(/^\((\d+)\//.exec(body)?.[1] ?? 0);
}

/** Line ends are one to every reader of them. */
function lines(value: string): string {
  return value.trim().replace(/\r\n?|\n/g, "\n");
}

function missingOf(wanted: readonly string[], held: readonly string[], what: string): string[] {
  const counts = new Map<string, number>();
  for (const each of held) counts.set(each, (counts.get(each) ?? 0) + 1);
  return wanted.flatMap((each) => {
    const left = counts.get(each) ?? 0;
    counts.set(each, left - 1);
    return left > 0 ? [] : [`CaseComment ${each.slice(0, 120)}: ${what}`];
  });
}
