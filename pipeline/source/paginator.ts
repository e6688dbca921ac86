import { CutoverError } from "../core/errors.ts";
import { compilePath, type JsonPath } from "./json-path.ts";
import type { PaginatorProfile } from "./profile-schema.ts";

/** Where the next page begins; saved in cursors. */
export interface PageState {
  readonly token?: string;
  readonly page?: number;
}

/** One way of paging, for one scan: it remembers what it has seen to notice a circle. */
export interface Paginator {
  /** Query parameters of the page at a state. */
  query(state: PageState): Readonly<Record<string, string>>;
  /** What follows a page. At the end of a token feed the state is where the next poll goes on. */
  after(state: PageState, body: unknown, rows: number): { state: PageState; more: boolean };
}

/** The paginator of a profile, for one scan of a list. */
export function paginatorOf(profile: PaginatorProfile, list: string): Paginator {
  const hasMore = profile.has_more_path === undefined ? undefined : pathOf(profile.has_more_path);
  return profile.type === "cursor"
    ? byCursor(profile, list, hasMore)
    : byPageNumber(profile, hasMore);
}

function pathOf(text: string): JsonPath {
  return compilePath(text) as JsonPath;
}

/** Null or absent says nothing: then a page without rows is the end. */
function moreSaid(hasMore: JsonPath | undefined, body: unknown): boolean | undefined {
  const said = hasMore?.(body);
  return typeof said === "boolean" ? said : undefined;
}

function byCursor(
  profile: Extract<PaginatorProfile, { type: "cursor" }>,
  list: string,
  hasMore: JsonPath | undefined,
): Paginator {
  const cursor = pathOf(profile.cursor_path);
  const seen = new Set<string>();
  return {
    query: ({ token }) => (token === undefined ? {} : { [profile.cursor_param]: token }),
    after(state, body, rows) {
      const found = cursor(body);
      const token = typeof found === "string" || typeof found === "number" ? copied(found) : "";
      const more = moreSaid(hasMore, body) ?? (token !== "" && rows > 0);
      if (!more) return { state: token === "" ? state : { token }, more };
      if (token === "") throw stuck(list, "says that more follows but gives no cursor");
      if (token === state.token || seen.has(token)) throw stuck(list, "gives a cursor again");
      seen.add(token);
      return { state: { token }, more };
    },
  };
}

/** A copy: a slice of the page's text would keep the whole page in memory for as long as it is remembered. */
function copied(token: string | number): string {
  return Buffer.from(String(token), "utf8").toString("utf8");
}

function stuck(list: string, what: string): CutoverError {
  return new CutoverError(
    "PROFILE_INVALID",
    `Paging of ${list} goes in a circle: the source ${what}. Check the stream's paginator.`,
  );
}

function byPageNumber(
  profile: Extract<PaginatorProfile, { type: "page_number" }>,
  hasMore: JsonPath | undefined,
): Paginator {
  return {
    query: ({ page }) => ({ [profile.page_param]: String(page ?? profile.base_page) }),
    after(state, body, rows) {
      const page = (state.page ?? profile.base_page) + 1;
      // A short page proves nothing; only the source's word or an empty page is an end.
      return { state: { page }, more: moreSaid(hasMore, body) ?? rows > 0 };
    },
  };
}
