import { CutoverError } from "../core/errors.ts";
import type { FileState } from "./download.ts";
import { PagingAsked } from "./http-failure.ts";
import type { SourceHttp } from "./http.ts";
import { compilePath, type JsonPath } from "./json-path.ts";
import { type PageState, type Paginator, paginatorOf } from "./paginator.ts";
import type { StreamProfile } from "./profile.ts";
import type { IncrementalProfile } from "./profile-schema.ts";
import type { Reply } from "./reply.ts";

/** One page of a stream as received. */
export interface Page {
  readonly rows: readonly object[];
  /** Characters it was received in: what it takes in memory goes by them. */
  readonly size: number;
  /** A row, or an object nested in one, byte for byte. */
  textOf(row: object): string;
  /** When its request was started: by our clock, and by the server's. */
  readonly requestedAt: number;
  readonly serverTime: number;
  /** Where reading goes on behind this page. */
  readonly state: PageState;
  readonly last: boolean;
  /** Where the bytes behind the rows lie, by id, for streams of files. */
  readonly files?: ReadonlyMap<string, FileState>;
}

/** One page of the ids that live at the source. */
export interface CensusPage {
  readonly ids: readonly string[];
  readonly requestedAt: number;
  readonly serverTime: number;
}

/** Where a scan begins: at the beginning, behind a saved state, or at a moment of the server's clock. */
export type ScanStart = "beginning" | PageState | { readonly since: number };

/**
 * Reads one stream. Other dialects and export files are other readers; the lanes know no more than
 * this.
 */
export interface StreamReader {
  /** Throws PagingAsked where the source no longer knows a saved state, SOURCE_UNAVAILABLE where a scan since a moment is to begin again. */
  pages(start: ScanStart, signal: AbortSignal): AsyncGenerator<Page>;
  /** One row as it stands now; undefined where the source does not have it (404 or 410). */
  one(id: string, signal: AbortSignal): Promise<Page | undefined>;
  census(signal: AbortSignal): AsyncGenerator<CensusPage>;
}

/** Smaller pages are not the remedy for a source that fails. */
const smallestPage = 10;

/** The reader of a stream that pages over HTTP. */
export function httpReader(stream: StreamProfile, http: SourceHttp): StreamReader {
  const { params, deletes, incremental, by_id, page_size_param } = stream;
  const select = compilePath(stream.data_selector) as JsonPath;
  const fixed = { ...params, ...deletes.params };

  async function* pages(start: ScanStart, signal: AbortSignal): AsyncGenerator<Page> {
    const paginator = paginatorOf(stream.paginator, stream.name);
    const begun = start === "beginning" || "since" in start ? {} : start;
    const moment =
      start !== "beginning" && "since" in start
        ? { [incremental.start_param]: momentText(start.since, incremental) }
        : {};
    const { path, optional } = stream;
    const list = { path, query: fixed, sizeParam: page_size_param, select, optional };
    const asked = { ...list, size: stream.page_size, paginator, begun, moment };
    const scanned = scan(http, asked, signal);
    yield* start !== "beginning" && "since" in start ? begunAnew(scanned) : scanned;
  }

  return {
    pages,
    async one(id, signal) {
      if (by_id === undefined) return undefined;
      const path = by_id.replace("{id}", encodeURIComponent(id));
      const reply = await http.get(path, {}, signal).catch((error: unknown) => {
        // 410 for one row says that it is gone.
        if (error instanceof PagingAsked && error.how === "reset") return undefined;
        throw unpaged(error);
      });
      if (reply === undefined || reply.status === 404) return undefined;
      const row = reply.json?.value;
      if (row === null || typeof row !== "object" || Array.isArray(row)) throw noRows(path);
      return { ...pageOf(reply, [row]), state: {}, last: true };
    },
    async *census(signal) {
      const { census } = deletes;
      if (census === undefined) return;
      const paginator = paginatorOf(census.paginator, `${stream.name} (census)`);
      const list = {
        path: census.path,
        query: { ...params, ...census.params },
        sizeParam: page_size_param,
        select: compilePath(census.data_selector) as JsonPath,
        optional: stream.optional,
      };
      const options = { ...list, size: census.page_size, paginator, begun: {}, moment: {} };
      for await (const page of begunAnew(scan(http, options, signal))) {
        const ids = (page.rows as readonly unknown[]).map(String);
        yield { ids, requestedAt: page.requestedAt, serverTime: page.serverTime };
      }
    },
  };
}

interface Scan {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly size: number;
  readonly sizeParam: string | undefined;
  readonly select: JsonPath;
  /** 404 for its first page says that there is no such list. */
  readonly optional: boolean;
  readonly paginator: Paginator;
  readonly begun: PageState;
  /** Asked with until the paginator has a token of its own. */
  readonly moment: Readonly<Record<string, string>>;
}

async function* scan(http: SourceHttp, list: Scan, signal: AbortSignal): AsyncGenerator<Page> {
  let state = list.begun;
  let { size } = list;
  for (;;) {
    const sized = list.sizeParam === undefined ? {} : { [list.sizeParam]: String(size) };
    const query = { ...list.query, ...sized, ...list.moment, ...list.paginator.query(state) };
    let reply: Reply;
    try {
      reply = await http.get(list.path, query, signal);
    } catch (error) {
      size = smaller(error, size);
      continue;
    }
    if (reply.status === 404 && list.optional && state === list.begun) {
      yield { ...pageOf(reply, []), state, last: true };
      return;
    }
    const rows = list.select(reply.json?.value);
    if (reply.status === 404 || !Array.isArray(rows)) throw noRows(list.path);
    const after = list.paginator.after(state, reply.json?.value, rows.length);
    state = after.state;
    yield { ...pageOf(reply, rows), state, last: !after.more };
    if (!after.more) return;
  }
}

/** A scan without a saved place: where the source has lost its place, all of it is to be asked again. */
async function* begunAnew(pages: AsyncGenerator<Page>): AsyncGenerator<Page> {
  try {
    yield* pages;
  } catch (error) {
    throw unpaged(error);
  }
}

/** What asks to page differently, where nothing can be: a fault that may pass. */
function unpaged(error: unknown): unknown {
  if (!(error instanceof PagingAsked)) return error;
  return new CutoverError("SOURCE_UNAVAILABLE", `${error.message}: it is asked anew.`);
}

/** Half the page where the source asks for it; a reset and everything else go to the lane. */
function smaller(error: unknown, size: number): number {
  if (!(error instanceof PagingAsked) || error.how === "reset") throw error;
  if (size > smallestPage) return Math.max(smallestPage, Math.floor(size / 2));
  throw new CutoverError("SOURCE_UNAVAILABLE", `${error.message}, also with ${size} rows.`);
}

function pageOf(reply: Reply, rows: readonly object[]): Omit<Page, "state" | "last"> {
  const { json, size, requestedAt, serverTime } = reply;
  return { rows, size, textOf: (row) => json?.textOf(row) ?? "", requestedAt, serverTime };
}

/** A reply without the list is a fault of the source, never "no more rows". */
function noRows(path: string): CutoverError {
  return new CutoverError("SOURCE_UNAVAILABLE", `${path} answers without its rows.`);
}

/** A moment in the filter's own words, never later than it is. */
function momentText(at: number, { datetime_format, cursor_granularity }: IncrementalProfile) {
  const floor = Math.max(0, Math.floor(at / cursor_granularity) * cursor_granularity);
  if (datetime_format === "epoch_ms") return String(floor);
  if (datetime_format === "epoch_s") return String(Math.floor(floor / 1000));
  return new Date(floor).toISOString();
}
