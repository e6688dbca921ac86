import { createHash } from "node:crypto";

/** A row as it was uploaded: whose it is, which of the record's rows (from 1), and its cells. */
export interface SentCells {
  readonly key: string;
  readonly part: number;
  /** In the order of the upload's columns. */
  readonly cells: readonly string[];
}

/** A row of a result file: the uploaded cells as echoed, and the row's id or its refusal. */
export type ResultCells = { readonly cells: readonly string[] } & (
  | { readonly id: string }
  | { readonly error: string }
);

/** A result that has found its row. */
export interface MatchedResult<R> {
  readonly key: string;
  readonly part: number;
  readonly result: R;
}

/** Gives each echoed row to one row that was sent with the same cells, and to none twice. */
export interface ContentMatcher {
  /** Whose row this is; undefined where no row of these cells was sent, or all have their result. */
  take(cells: readonly string[]): { readonly key: string; readonly part: number } | undefined;
}

/**
 * A matcher over what was sent, for results that carry no key column: as a multiset of cells, because
 * rows that are equal in every cell are interchangeable (ADR 0009). It keeps digests, not cells:
 * ten thousand comments of 4,000 bytes would not stay small.
 */
export function contentMatcher(sent: Iterable<SentCells>): ContentMatcher {
  const waiting = new Map<string, { key: string; part: number }[]>();
  for (const { key, part, cells } of sent) {
    const digest = digestOf(cells);
    const same = waiting.get(digest);
    if (same === undefined) waiting.set(digest, [{ key, part }]);
    else same.push({ key, part });
  }
  // The first sent is the first to get its result: a record's parts stay in their order.
  for (const same of waiting.values()) same.reverse();
  return { take: (cells) => waiting.get(digestOf(cells))?.pop() };
}

/**
 * Matches results to rows by their cells. `foreign` holds results of rows nobody sent; a row that is
 * in neither has no result.
 */
export function matchByContent<R extends { readonly cells: readonly string[] } = ResultCells>(
  sent: Iterable<SentCells>,
  results: Iterable<R>,
): { readonly matched: readonly MatchedResult<R>[]; readonly foreign: readonly R[] } {
  const matcher = contentMatcher(sent);
  const matched: MatchedResult<R>[] = [];
  const foreign: R[] = [];
  for (const result of results) {
    const row = matcher.take(result.cells);
    if (row === undefined) foreign.push(result);
    else matched.push({ ...row, result });
  }
  return { matched, foreign };
}

/** Cells with their lengths, so that no two lists of cells read alike. */
function digestOf(cells: readonly string[]): string {
  const hash = createHash("sha256");
  for (const cell of cells) hash.update(`${cell.length}:`).update(cell);
  return hash.digest("base64");
}
