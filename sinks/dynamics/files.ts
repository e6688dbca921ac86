import { failpoint } from "../../pipeline/stage/failpoint.ts";
import { fileBytes, type StoredFile } from "../file-bytes.ts";
import type { RowResult, SinkGroup, SinkRow } from "../sink.ts";
import { codes, type Refusal, refused } from "./errors.ts";
import { asBase64 } from "./file-text.ts";
import { mostFileBytes } from "./file-limit.ts";
import { uploadBlocks } from "./file-upload.ts";
import { inParallel } from "./in-parallel.ts";
import { joined } from "./late-text.ts";
import type { RowForm } from "./row-form.ts";
import type { SendParts } from "./send-parts.ts";
import { sendSingles } from "./singles.ts";
import { Outcomes, type Write, writeOf } from "./write.ts";

/** Bytes that go within their note: as base64 they and their batch stay below 4 MB. */
const inlineBytes = 2_900_000;
/** Batches of files at once: each is whole in memory several times. */
const mostAtOnce = 2;

/** Whether a group's rows carry files. */
export function carriesFiles({ plan, operation }: Pick<SinkGroup, "plan" | "operation">): boolean {
  return operation !== "delete" && plan.fields.some(({ type }) => type === "file");
}

/** A note with a file on its way. */
interface FileNote {
  readonly write: Write;
  readonly row: SinkRow;
  readonly file: StoredFile | undefined;
}

/**
 * Writes notes with their files: small ones within their notes, several to a batch; a large one goes
 * into its note by blocks once the note is there.
 */
export async function sendFiles(
  parts: SendParts,
  form: RowForm,
  group: SinkGroup,
  outcomes: Outcomes,
): Promise<void> {
  const notes: FileNote[] = [];
  for (const row of group.rows) {
    const note = await noteOf(parts, form, group, row);
    if ("kind" in note) outcomes.refuse(group, row, note);
    else notes.push(note);
  }
  const large = notes.filter(({ file }) => (file?.size ?? 0) > inlineBytes);
  const small = notes.filter((note) => !large.includes(note));
  await inParallel(batchesOf(small), mostAtOnce, async (some) => {
    const writes = some.map((note) => withBody(form, note));
    await sendSingles(parts, writes, outcomes);
  });
  for (const note of large) await sendLarge(parts, form, note, outcomes);
}

async function noteOf(
  { client, blobFolder }: SendParts,
  form: RowForm,
  { operation }: SinkGroup,
  row: SinkRow,
): Promise<FileNote | Refusal> {
  const write = writeOf(form, operation, row);
  if ("kind" in write) return write;
  const name = fileField(form);
  const value = row.fields[name];
  if (value === undefined || value === null || value === "") return { write, row, file: undefined };
  const file = fileBytes(value, blobFolder);
  if (file === undefined)
    return refused("FILE_MISSING", name, "The file is not in the blob folder.");
  const most = await mostFileBytes(client, file.size);
  if (file.size <= most) return { write, row, file };
  const said = `${String(row.fields["filename"] ?? row.key)} has ${file.size} bytes; notes of this environment take ${most} (organization.maxuploadfilesize).`;
  return refused(codes.fileTooLarge, name, said);
}

function fileField({ plan }: RowForm): string {
  return plan.fields.find(({ type }) => type === "file")?.name ?? "documentbody";
}

/** Small files that share a batch. */
function batchesOf(notes: readonly FileNote[]): readonly (readonly FileNote[])[] {
  const batches: FileNote[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const note of notes) {
    const size = (note.file?.size ?? 0) + note.write.payload.members.bytes;
    bytes += size;
    if (bytes > inlineBytes) {
      batches.push([]);
      bytes = size;
    }
    batches.at(-1)?.push(note);
  }
  return batches;
}

function withBody(form: RowForm, { write, file }: FileNote): Write {
  if (file === undefined) return write;
  const { members } = write.payload;
  const name = `${members.bytes === 0 ? "" : ","}"${fileField(form)}":"`;
  const withFile = joined([members, name, asBase64(file), `"`]);
  return { ...write, payload: { ...write.payload, members: withFile } };
}

/** The note first, then its file: only both make the row. */
async function sendLarge(
  parts: SendParts,
  form: RowForm,
  { write, row, file }: FileNote,
  outcomes: Outcomes,
): Promise<void> {
  const noted = new Outcomes();
  await sendSingles(parts, [write], noted);
  for (const [failed, error] of noted.faults) outcomes.failed(failed, error);
  const [result] = noted.results.values() as Iterable<RowResult>;
  if (result === undefined || file === undefined) return;
  if (result.kind === "refused") return outcomes.settle(write, result);
  failpoint("files.noted");
  const { filename, mimetype } = row.fields;
  const uploaded = await uploadBlocks(parts.client, { id: write.id, filename, mimetype }, file);
  failpoint("files.uploaded");
  const ids = [write.id];
  if ("code" in uploaded) {
    outcomes.settle(write, {
      ...refused(uploaded.code, fileField(form), uploaded.message.slice(0, 1000)),
      ids,
    });
  } else if (uploaded.bytes === file.size) outcomes.done(write);
  else {
    const said = `The stored file has ${uploaded.bytes} bytes, the one sent ${file.size}.`;
    outcomes.settle(write, {
      ...refused("SIZE_DIFFERS", fileField(form), said),
      class: "retry",
      ids,
    });
  }
}
