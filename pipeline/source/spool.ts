import { existsSync } from "node:fs";
import type { Attachment } from "../core/generated/records.ts";
import { blobPath, syncNames } from "../stage/blob-folder.ts";
import type { Log } from "../stage/log.ts";
import { asText, asTime, Fault } from "./coerce.ts";
import type { CompiledStream } from "./compiled-stream.ts";
import { type Downloads, download, type FileState, without } from "./download.ts";
import { compilePath, type JsonPath } from "./json-path.ts";
import type { Page, StreamReader } from "./stream-reader.ts";

/** What spooling needs beside the reader. */
export interface SpoolParts extends Downloads {
  readonly stream: CompiledStream;
  readonly timezone: string;
  /** Files fetched at once. */
  readonly concurrency: number;
  /** The record as last written. */
  readonly known: (id: string) => Promise<Attachment | undefined>;
  readonly log: Log;
}

/** An address may expire again while we wait for our turn; more often than this is a refusal. */
const freshAddresses = 2;

/**
 * A reader whose pages come with the bytes of their rows in the blob folder, so that no record is
 * ahead of its file. What has been fetched is not fetched again while row and address stay the same.
 */
export function spoolingReader(reader: StreamReader, parts: SpoolParts): StreamReader {
  const spool = new Spool(reader, parts);
  return {
    async *pages(start, signal) {
      for await (const page of reader.pages(start, signal)) {
        yield await spool.filled(page, false, signal);
      }
    },
    async one(id, signal) {
      const page = await reader.one(id, signal);
      // Asked for by id, a row gets another try for what could not be fetched.
      return page && spool.filled(page, true, signal);
    },
    census: (signal) => reader.census(signal),
  };
}

class Spool {
  readonly #reader: StreamReader;
  readonly #parts: SpoolParts;
  readonly #url: JsonPath;
  readonly #expires: JsonPath | undefined;

  constructor(reader: StreamReader, parts: SpoolParts) {
    this.#reader = reader;
    this.#parts = parts;
    this.#url = compilePath(parts.rules.url) as JsonPath;
    const { expires } = parts.rules;
    this.#expires = expires === undefined ? undefined : compilePath(expires);
  }

  async filled(page: Page, again: boolean, signal: AbortSignal): Promise<Page> {
    const files = new Map<string, FileState>();
    const rows = page.rows.values();
    const fetchRows = async (): Promise<void> => {
      for (const row of rows) {
        const id = this.#parts.stream.idOf(row);
        if (id !== undefined) files.set(id, await this.#file(id, row, page, again, signal));
      }
    };
    const { concurrency } = this.#parts;
    await Promise.all(Array.from({ length: concurrency }, fetchRows));
    const hashes = [...files.values()].flatMap(({ file }) => file?.sha256 ?? []);
    await syncNames(this.#parts.blobFolder, hashes);
    return { ...page, files };
  }

  async #file(
    id: string,
    row: object,
    page: Page,
    again: boolean,
    signal: AbortSignal,
  ): Promise<FileState> {
    const known = await this.#parts.known(id);
    const state = known && { file: known.file, file_problem: known.file_problem };
    // A delete keeps the last body, and a row that cannot be read is rejected without its bytes.
    const dead = this.#parts.stream.deathOf(row) !== null;
    const fields = this.#parts.stream.select(row);
    if (dead || fields instanceof Fault) return state ?? { file: null, file_problem: null };
    const said = fields as unknown as Attachment;
    if (known && state && sameContent(known, said) && this.#holds(state, again)) return state;
    const fetched = await this.#fetched(id, row, page, signal);
    if (fetched.file_problem !== null) {
      const { name: stream } = this.#parts.stream.profile;
      this.#parts.log.warn({ event: "file_unfetched", stream, id, problem: fetched.file_problem });
    }
    return fetched;
  }

  /** Whether what we know of a file still holds: its bytes are there, or there is no use in asking. */
  #holds({ file, file_problem }: FileState, again: boolean): boolean {
    if (file === null) return file_problem !== null && !again;
    return existsSync(blobPath(this.#parts.blobFolder, file.sha256));
  }

  async #fetched(id: string, row: object, page: Page, signal: AbortSignal): Promise<FileState> {
    let now: object | undefined = row;
    let read = page;
    for (let fresh = 0; now !== undefined; fresh++) {
      const got = this.#expired(now, read)
        ? "expired"
        : await download(this.#parts, this.#address(now), signal);
      if (got !== "expired") return got;
      if (fresh === freshAddresses) return without("refused");
      read = (await this.#reader.one(id, signal)) ?? { ...page, rows: [] };
      now = read.rows[0];
    }
    return without("missing");
  }

  #address(row: object): string | null {
    const address = asText(this.#url(row), "url");
    return typeof address === "string" ? address : null;
  }

  /** By the source's own clock, as far as it says when. */
  #expired(row: object, { serverTime, requestedAt }: Page): boolean {
    const { incremental } = this.#parts.stream.profile;
    const time = asTime(incremental.datetime_format, this.#parts.timezone);
    const at = time(this.#expires?.(row), "expires");
    return typeof at === "number" && at <= serverTime + (Date.now() - requestedAt);
  }
}

/** Whether a row speaks of the bytes that an earlier one spoke of: signatures aside. */
function sameContent(known: Attachment, said: Attachment): boolean {
  return (
    known.size === said.size &&
    known.updated_at === said.updated_at &&
    pathOf(known.url) === pathOf(said.url)
  );
}

function pathOf(url: string | null): string | null {
  return url === null || !URL.canParse(url) ? url : new URL(url).pathname;
}
