import { CutoverError } from "../core/errors.ts";
import type { Attachment } from "../core/generated/records.ts";
import { BlobTooLarge, writeBlob } from "../stage/blob-folder.ts";
import { fileAddress } from "./file-address.ts";
import type { SourceHttp } from "./http.ts";
import type { DownloadProfile } from "./profile-schema.ts";
import { sniffedType } from "./sniff.ts";
import type { FileReply } from "./transport.ts";

/** What a record says of its bytes: where they lie, or why there are none. */
export type FileState = Pick<Attachment, "file" | "file_problem">;

/** What downloads are made with. */
export interface Downloads {
  readonly http: SourceHttp;
  readonly rules: DownloadProfile;
  readonly blobFolder: string;
  /** Of the source: its own files need no host named. */
  readonly baseUrl: string;
}

/**
 * Streams the bytes behind an address into the blob folder. Faults of the file are values; `expired`
 * asks for a fresh address. A signed address is the credential itself, and stands in no message; where
 * addresses are not signed the source's credentials go along, to the source and to nobody else.
 */
export async function download(
  { http, rules, blobFolder, baseUrl }: Downloads,
  address: string | null,
  signal: AbortSignal,
): Promise<FileState | "expired"> {
  if (address === null || address === "") return without("missing");
  const url = fileAddress(address, baseUrl, rules.hosts);
  if (url === undefined) return without("refused");
  try {
    const authorised = rules.auth === "source" && url.origin === new URL(baseUrl).origin;
    const asked = { url, authorised, signal };
    return await http.file(asked, (reply) => kept(reply, rules, blobFolder));
  } catch (error) {
    if (error instanceof BlobTooLarge) return without("too_large");
    const outage = error instanceof CutoverError && error.code === "SOURCE_UNAVAILABLE";
    if (!outage || signal.aborted) throw error;
    return without("unreachable");
  }
}

/** A record without bytes. */
export function without(problem: "missing" | "refused" | "too_large" | "unreachable"): FileState {
  return { file: null, file_problem: problem };
}

async function kept(
  { status, header, body }: FileReply,
  { refetch_on, max_bytes }: DownloadProfile,
  blobFolder: string,
): Promise<FileState | "expired"> {
  if (status === 404) return without("missing");
  if (refetch_on.includes(status)) return "expired";
  if (status !== 200) return without("refused");
  if (Number(header("content-length") ?? 0) > max_bytes) return without("too_large");
  const { sha256, size, head } = await writeBlob(blobFolder, body, max_bytes);
  return { file: { sha256, size, mime_detected: sniffedType(head) }, file_problem: null };
}
