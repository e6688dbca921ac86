import { createHash } from "node:crypto";
import { onJob } from "../generate/note.ts";
import { iso } from "../generate/world.ts";
import type { Ledger } from "../truth/ledger.ts";
import type { Row } from "../truth/row.ts";
import { born, put } from "./born.ts";
import type { Request } from "./corpus.ts";

/** Why a request was closed becomes a note on its job, its photos become files. */
export function putPapers(
  ledger: Ledger,
  job: Row,
  request: Request,
  closed: number | undefined,
): void {
  const opened = Date.parse(String(job.created_at));
  const body = request["CLOSURE_REASON"];
  if (body)
    put(ledger, "note", {
      ...born(`${job.id}-closure`, closed ?? opened),
      ...onJob(job),
      ...{ body, format: "text", visibility: "customer", pinned: false },
      ...{ author_id: null, author_name: null },
      written_at: closed === undefined ? null : iso(closed),
      custom: [],
    });
  for (const [column, name] of [
    ["SubmittedPhoto", "submitted"],
    ["ClosedPhoto", "closed"],
  ] as const) {
    const id = `${job.id}-${name}`;
    const url = request[column];
    if (url) put(ledger, "attachment", { ...born(id, opened), ...photoOf(job, id, url) });
  }
}

/** A photo whose own address is dead by now: bytes of ours are served in its place. */
function photoOf(job: Row, id: string, url: string): Partial<Row> {
  const content = createHash("sha256").update(id).digest().readUInt32LE();
  const size = 20_000 + (content % 60_000);
  return {
    ...onJob(job),
    note_id: null,
    file_name: url.split("/").at(-1) || null,
    mime_type: "image/jpeg",
    size,
    kind: "photo",
    taken_at: null,
    file: { type: "jpeg", size, content, fault: null },
    custom: [],
  };
}
