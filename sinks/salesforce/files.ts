import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { CutoverError } from "../../pipeline/core/errors.ts";
import { failpoint } from "../../pipeline/stage/failpoint.ts";
import type { RowResult, SinkGroup, SinkRow } from "../sink.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import type { CollectionReply } from "./collections.ts";
import type { WriteHeaders } from "./composite.ts";
import { type Refusal, refusal } from "./errors.ts";
import { fileBytes, md5Of } from "../file-bytes.ts";
import { fixedFields } from "./fixed-fields.ts";
import { type Upload, type Uploaded, uploadCalls, uploadFiles } from "./file-upload.ts";
import { type FileVersion, fileField, newestVersions } from "./file-versions.ts";
import { jsonOf } from "./values.ts";

type Results = Map<string, RowResult>;

/** Fields of a version that are to change. */
interface Change {
  readonly plan: ObjectPlan;
  readonly row: SinkRow;
  readonly version: FileVersion;
  readonly fields: Readonly<Record<string, unknown>>;
}

const mostRows = 200;

/**
 * Writes ContentVersion rows. The row of a file is its document: new bytes are a new version under it,
 * and our key, unique, stands on the newest version only. So a replaced version loses the key first;
 * after a crash between, the document's id still leads to it, and the bytes' checksum says what is
 * left to do.
 */
export class FileSender {
  readonly #client: SalesforceClient;
  readonly #headers: WriteHeaders;
  readonly #blobFolder: string;

  constructor(client: SalesforceClient, headers: WriteHeaders, blobFolder: string) {
    this.#client = client;
    this.#headers = headers;
    this.#blobFolder = blobFolder;
  }

  /** Results by key; a key without one is of unknown fate. */
  async send({ plan, operation, rows }: SinkGroup): Promise<ReadonlyMap<string, RowResult>> {
    const results: Results = new Map();
    const documents = operation === "update" ? rows.flatMap((row) => row.destinationId ?? []) : [];
    const newest = await newestVersions(this.#client, plan, "ContentDocumentId", documents);
    const changes: Change[] = [];
    const uploads: Upload[] = [];
    for (const row of rows) {
      const { destinationId } = row;
      const version = newest.get(destinationId ?? "");
      if (destinationId !== null && version === undefined) {
        results.set(row.key, { kind: "gone", destinationId });
        continue;
      }
      const bytes = fileBytes(row.fields[fileField(plan)] ?? null, this.#blobFolder);
      if (version !== undefined && (await isDescription(plan, row, version, bytes))) {
        changes.push({ plan, row, version, fields: described(plan, row) });
      } else if (bytes === undefined) results.set(row.key, bytesMissing);
      else uploads.push({ plan, row, bytes, replaces: version });
    }
    await this.#change(changes, results);
    const unkeyed = await this.#unkey(uploads, results);
    failpoint("files.unkeyed");
    await this.#upload(plan, unkeyed, results);
    return results;
  }

  /** Changes fields of newest versions, several to a call; the reply's order is proven by id. */
  async #change(changes: readonly Change[], results: Results): Promise<void> {
    for (let at = 0; at < changes.length; at += mostRows) {
      const some = changes.slice(at, at + mostRows);
      const records = some.map(({ plan, version, fields }) => ({
        attributes: { type: plan.object },
        id: version.id,
        ...fields,
      }));
      const reply = await this.#client.call({
        api: "composite",
        method: "PATCH",
        path: "composite/sobjects",
        headers: this.#headers,
        body: JSON.stringify({ allOrNone: false, records }),
        write: true,
      });
      const replies = JSON.parse(reply.body) as readonly CollectionReply[];
      for (const [index, { plan, row, version }] of some.entries()) {
        const said = replies[index];
        if (said === undefined || (said.success && said.id !== version.id)) return;
        results.set(row.key, resultOf(plan, said, version.documentId));
      }
    }
  }

  /** Takes our key off the versions about to be replaced; those that refuse are not replaced. */
  async #unkey(uploads: readonly Upload[], results: Results): Promise<readonly Upload[]> {
    const said: Results = new Map();
    const keyed = uploads.flatMap(({ plan, row, replaces: version }) =>
      version?.key == null ? [] : [{ plan, row, version, fields: { [plan.keyField]: null } }],
    );
    await this.#change(keyed, said);
    for (const [key, result] of said) if (result.kind === "refused") results.set(key, result);
    return uploads.filter(({ row, replaces }) => {
      return replaces?.key == null || said.get(row.key)?.kind === "updated";
    });
  }

  async #upload(plan: ObjectPlan, uploads: readonly Upload[], results: Results): Promise<void> {
    const said = new Map<Upload, Uploaded>();
    const calls = uploadCalls(uploads);
    for (const [index, call] of calls.entries()) {
      try {
        const replies = await uploadFiles(this.#client, this.#headers, call);
        for (const [at, reply] of replies.entries()) {
          if (reply !== undefined) said.set(call[at] as Upload, reply);
        }
      } catch (error) {
        // What is known is kept; of the rest nobody knows, or nothing has left.
        if (index === 0 && results.size === 0) throw error;
        if (!(error instanceof CutoverError) || error.disposition === "stop") throw error;
        break;
      }
    }
    failpoint("files.uploaded");
    const keys = [...said.keys()].map(({ row }) => row.key);
    const newest = await newestVersions(this.#client, plan, "key", keys);
    const refused: Upload[] = [];
    for (const [upload, reply] of said) {
      const result = uploadResult(upload, reply, newest.get(upload.row.key));
      if (result !== undefined) results.set(upload.row.key, result);
      if (result?.kind === "refused" && upload.replaces?.key != null) refused.push(upload);
    }
    await this.#rekey(refused);
  }

  /** A document whose new version was refused gets its key back; if not now, then with its next version. */
  async #rekey(uploads: readonly Upload[]): Promise<void> {
    const changes = uploads.flatMap(({ plan, row, replaces: version }) =>
      version === undefined ? [] : [{ plan, row, version, fields: { [plan.keyField]: row.key } }],
    );
    await this.#change(changes, new Map()).catch(() => undefined);
  }
}

/** Whether only what is said of the file changes: its bytes stand there, or it is released. */
async function isDescription(
  plan: ObjectPlan,
  row: SinkRow,
  version: FileVersion,
  bytes: ReturnType<typeof fileBytes>,
): Promise<boolean> {
  if (row.fields[fileField(plan)] === undefined) return true;
  const path = row.fields["PathOnClient"] ?? version.path;
  if (path !== version.path) return false;
  return bytes !== undefined && (await md5Of(bytes)) === version.checksum;
}

function described(plan: ObjectPlan, row: SinkRow): Record<string, unknown> {
  const released = row.fields[plan.keyField] === null;
  const fixed = fixedFields(plan);
  const fields: Record<string, unknown> = { [plan.keyField]: released ? null : row.key };
  for (const field of plan.fields) {
    const value = row.fields[field.name];
    if (value === undefined || field.type === "file" || field.createOnly === true) continue;
    if (field.name === plan.keyField || fixed.includes(field.name)) continue;
    fields[field.name] = jsonOf(field, value);
  }
  return fields;
}

function resultOf(plan: ObjectPlan, said: CollectionReply, destinationId: string): RowResult {
  if (said.success) return { kind: "updated", destinationId };
  const [error] = said.errors;
  const { statusCode = "UNKNOWN_ROW_ERROR", message = "", fields = [] } = error ?? {};
  return refusal(statusCode, message, fields, plan.keyField);
}

/** The version our key stands on now says what became of an upload. */
function uploadResult(
  { replaces }: Upload,
  said: Uploaded,
  newest: FileVersion | undefined,
): RowResult | undefined {
  if ("kind" in said) {
    if (said.class !== "duplicate") return said;
    // The refusal names a version; ours is its document.
    return newest === undefined
      ? { ...said, class: "retry", destinationId: null }
      : { ...said, destinationId: newest.documentId };
  }
  if (newest?.id !== said.id) return undefined;
  const { documentId } = newest;
  if (newest.checksum !== said.md5) return { ...checksumDiffers, ids: [documentId] };
  return { kind: replaces === undefined ? "created" : "updated", destinationId: documentId };
}

const bytesMissing: Refusal = {
  kind: "refused",
  code: "FILE_MISSING",
  message: "The file is not in the blob folder.",
  field: null,
  class: "refuse",
  destinationId: null,
};

/** What stands there is not what left: it is written again, as a new version. */
const checksumDiffers: Refusal = {
  ...bytesMissing,
  code: "CHECKSUM_DIFFERS",
  message: "The checksum of the stored file is not that of the one sent.",
  class: "retry",
};
