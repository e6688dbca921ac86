import { expect, test } from "vitest";
import { paginatorOf } from "../../pipeline/source/paginator.ts";

const cursor = {
  type: "cursor",
  cursor_path: "$.next",
  cursor_param: "from",
  has_more_path: "$.more",
} as const;

test("an empty page is not the end while more is said to follow", () => {
  const pages = paginatorOf(cursor, "jobs");
  expect(pages.query({})).toEqual({});
  expect(pages.after({}, { next: "a", more: true }, 0)).toEqual({
    state: { token: "a" },
    more: true,
  });
  expect(pages.query({ token: "a" })).toEqual({ from: "a" });
  expect(pages.after({ token: "a" }, { next: "b", more: false }, 9)).toEqual({
    state: { token: "b" },
    more: false,
  });
});

test("a cursor that comes again is an error, not an endless loop", () => {
  const pages = paginatorOf(cursor, "jobs");
  let state = {};
  for (const next of ["a", "b"]) state = pages.after(state, { next, more: true }, 1).state;
  expect(() => pages.after(state, { next: "a", more: true }, 1)).toThrow(/goes in a circle/);
  expect(() => paginatorOf(cursor, "jobs").after({}, { more: true }, 1)).toThrow(/gives no cursor/);
});

test("where nothing is said about more, only an empty page ends a list", () => {
  const byPage = { type: "page_number", page_param: "page", base_page: 1 } as const;
  const pages = paginatorOf(byPage, "jobs");
  expect(pages.query({})).toEqual({ page: "1" });
  expect(pages.after({}, {}, 1)).toEqual({ state: { page: 2 }, more: true });
  expect(pages.after({ page: 2 }, {}, 0).more).toBe(false);
  const quiet = paginatorOf({ ...cursor, has_more_path: "$.absent" }, "jobs");
  expect(quiet.after({}, { next: "a" }, 1).more).toBe(true);
  expect(quiet.after({ token: "a" }, { next: "b" }, 0).more).toBe(false);
});
