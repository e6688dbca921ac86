import type { Org } from "../org.ts";
import { ApiError } from "../rest/api-error.ts";
import { idOf } from "../store/ids.ts";
import { aggregateRecords, isAggregate, isCountOnly } from "./aggregate.ts";
import { takeFault } from "../fault-kinds.ts";
import { metadataOf } from "./column-metadata.ts";
import { parseQuery } from "./parse.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { type Render, renderer } from "./render.ts";

const idleMs = 15 * 60_000;
const longestMs = 2 * 86_400_000;
const cursorsPerUser = 10;

interface Cursor {
  readonly id: string;
  readonly userId: string;
  readonly prepared: Prepared;
  readonly render: Render;
  readonly counters: readonly number[];
  readonly pageRows: number;
  readonly madeAt: number;
  usedAt: number;
}

/** Answers statements page by page. */
export interface QueryCursors {
  run(text: string, options: QueryOptions): object;
  /** What a statement's columns are, without its rows. */
  columns(text: string, userId: string): object;
  /** The page a locator names; throws INVALID_QUERY_LOCATOR where it is stale. */
  more(locator: string, dataPath: string): object;
}

/** Who asks, how, and for how many rows a page. */
export interface QueryOptions {
  readonly userId: string;
  readonly withDeleted: boolean;
  readonly dataPath: string;
  readonly pageRows: number;
}

/** The open cursors of an org; they do not outlive the process, as they do not outlive 15 idle minutes. */
export function queryCursors(org: Org): QueryCursors {
  const open = new Map<string, Cursor>();
  let made = 0;
  const keep = (cursor: Cursor): void => {
    const own = [...open.values()].filter((one) => one.userId === cursor.userId);
    const oldest = own.sort((a, b) => a.usedAt - b.usedAt)[0];
    if (own.length >= cursorsPerUser && oldest !== undefined) open.delete(oldest.id);
    open.set(cursor.id, cursor);
  };
  const page = (cursor: Cursor, from: number, dataPath: string): object => {
    const to = Math.min(from + cursor.pageRows, cursor.counters.length);
    const rows = org.rows(cursor.prepared.object.name);
    const records = cursor.counters
      .slice(from, to)
      .flatMap((n) => rows.get(n) ?? [])
      .map(cursor.render);
    const totalSize = cursor.counters.length;
    if (to >= totalSize) return { totalSize, done: true, records };
    if (from === 0) keep(cursor);
    cursor.usedAt = org.clock.now();
    const nextRecordsUrl = `${dataPath}/query/${cursor.id}-${to}`;
    return { totalSize, done: false, nextRecordsUrl, records };
  };
  return {
    run(text, { userId, withDeleted, dataPath, pageRows }) {
      const prepared = prepare(org.as(userId), parseQuery(text), { withDeleted });
      if (isCountOnly(prepared)) return countOf(org, prepared, withDeleted);
      if (isAggregate(prepared)) {
        const records = aggregateRecords(prepared);
        return { totalSize: records.length, done: true, records };
      }
      const render = renderer(prepared, dataPath);
      const counters = prepared.answer();
      const id = idOf("01g", ++made);
      const now = org.clock.now();
      const size = Math.min(pageRows, takeFault(org, "small_pages", "query")?.rows ?? pageRows);
      const times = { madeAt: now, usedAt: now };
      return page(
        { id, userId, prepared, render, counters, pageRows: size, ...times },
        0,
        dataPath,
      );
    },
    columns: (text, userId) =>
      metadataOf(prepare(org.as(userId), parseQuery(text), { withDeleted: false })),
    more(locator, dataPath) {
      const [id = "", at = ""] = locator.split("-");
      const cursor = open.get(id);
      const from = Number(at);
      const now = org.clock.now();
      const stale =
        cursor === undefined || now - cursor.usedAt > idleMs || now - cursor.madeAt > longestMs;
      if (stale || !Number.isInteger(from) || from < 0) {
        throw new ApiError(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
      }
      return page(cursor, from, dataPath);
    },
  };
}

function countOf(org: Org, prepared: Prepared, withDeleted: boolean): object {
  const { query, object } = prepared;
  const plain = query.where === undefined && query.limit === undefined;
  const totalSize = plain
    ? org.rows(object.name).count(withDeleted || query.allRows)
    : prepared.answer().length;
  return { totalSize, done: true, records: [] };
}
