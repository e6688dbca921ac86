import { fileTypes, type FileType, type StoredFile } from "../files/stored-file.ts";
import type { Row } from "../truth/row.ts";
import { type Draw, draw } from "./draw.ts";
import { countOf, ordinalOf } from "./job-children.ts";
import { hangsOn, onJob } from "./note.ts";
import { type Planted, type Reality, realityOf } from "./realities.ts";
import { idOf, iso, type World } from "./world.ts";

const looks: Record<FileType, { extension: string; kind: string }> = {
  jpeg: { extension: "jpg", kind: "photo" },
  png: { extension: "png", kind: "photo" },
  pdf: { extension: "pdf", kind: "document" },
  docx: { extension: "docx", kind: "form" },
  txt: { extension: "txt", kind: "document" },
  csv: { extension: "csv", kind: "document" },
};

const shares = "jjjjjjjjjjjppppddddwwtc";
const byLetter: Record<string, FileType> = {
  j: "jpeg",
  p: "png",
  d: "pdf",
  w: "docx",
  t: "txt",
  c: "csv",
};

/** A job's nth file; where the job has two, both sometimes have one name. */
export function attachmentOf(world: World, job: number, row: Row, nth: number): Row {
  const index = ordinalOf("attachment", job, nth);
  const pair = countOf("attachment", job) === 2 ? Math.floor(job / 10) : undefined;
  const twins = pair !== undefined && realityOf(world, "attachment_pair", pair) !== undefined;
  const planted = twins ? undefined : realityOf(world, "attachment", index);
  const of = draw(world.seed, "attachment", index);
  const parent = twins ? onJob(row) : hangsOn(of, row);
  const note = countOf("note", job) > 0 && parent["parent_type"] === "job" && nth === 0;
  const made = attachmentAt(world, index, row, planted);
  return {
    ...made,
    ...parent,
    note_id: note && of.chance("of note", 0.4) ? idOf(ordinalOf("note", job, 0)) : null,
    ...(twins ? { file_name: "image.jpg" } : {}),
  };
}

/** A file on a job, with an index of its own. */
export function attachmentAt(
  world: World,
  index: number,
  job: Row,
  planted?: Planted<Reality<"attachment">>,
): Row {
  const of = draw(world.seed, "attachment", index);
  const type = byLetter[of.pick("type", shares.split(""))] ?? "jpeg";
  const { extension, kind } = looks[type];
  const mime = fileTypes[type];
  const at = iso(Date.parse(String(job.created_at)) + of.int("later", 60 * 3_600_000));
  const plain = `${type === "jpeg" ? "IMG" : kind}_${1_000 + (index % 9_000)}.${extension}`;
  const size = planted?.kind === "empty" ? 0 : sizeOf(world, of);
  const fault = planted?.kind === "expired" || planted?.kind === "missing" ? planted.kind : null;
  const file: StoredFile = { type, size, content: index, fault };
  return {
    id: idOf(index),
    created_at: at,
    updated_at: at,
    created_by: idOf(of.int("author", world.office)),
    active: true,
    ...onJob(job),
    note_id: null,
    file_name: planted?.kind === "path_name" ? `..\\photos/2025:03/${plain}` : plain,
    mime_type: planted?.kind === "mime_wrong" ? wrongMime(type) : mime,
    size,
    kind: type === "png" && of.chance("signature", 0.5) ? "signature" : kind,
    taken_at: kind === "photo" ? at : null,
    file,
    custom: [],
  };
}

function wrongMime(type: FileType): string {
  return type === "pdf" ? "image/jpeg" : "application/pdf";
}

/** Mostly 1 to 300 KB, each size as likely as its double; one in 200 has a few MB, one in 2,400 60 MB. */
function sizeOf(world: World, of: Draw): number {
  if (world.largeFiles && of.index % 2_400 === 123) return 60_000_000;
  if (of.oneIn("large", 200)) return 1_000_000 + of.int("bytes", 3_000_000);
  return Math.round(1_024 * 300 ** (of.int("bytes", 10_000) / 10_000));
}
