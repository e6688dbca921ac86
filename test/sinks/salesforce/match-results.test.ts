import fc from "fast-check";
import { expect, test } from "vitest";
import { matchByContent } from "../../../sinks/salesforce/match-results.ts";

const cells = fc.array(fc.constantFrom("", "a", "b", "1:a", ":"), { minLength: 2, maxLength: 2 });

test("every echoed row finds one row sent with the same cells, whatever the order, and none twice", () => {
  fc.assert(
    fc.property(fc.array(cells), fc.infiniteStream(fc.nat()), (lists, random) => {
      const sent = lists.map((each, at) => ({ key: `k${at}`, part: 1, cells: each }));
      const order = new Map(sent.map((row) => [row, random.next().value]));
      const results = sent
        .toSorted((a, b) => Number(order.get(a)) - Number(order.get(b)))
        .map((row) => ({ cells: [...row.cells], id: row.key }));
      const { matched, foreign } = matchByContent(sent, results);
      expect(foreign).toEqual([]);
      expect(new Set(matched.map(({ key }) => key)).size).toBe(sent.length);
      for (const { key, result } of matched) {
        expect(sent.find((row) => row.key === key)?.cells).toEqual(result.cells);
      }
    }),
  );
});

test("a row more than was sent is foreign, and a row without an echo has no result", () => {
  const sent = [
    { key: "note-1", part: 1, cells: ["500", "same"] },
    { key: "note-2", part: 1, cells: ["500", "same"] },
    { key: "note-3", part: 2, cells: ["500", "lost"] },
  ];
  const echoed = [
    { cells: ["500", "same"], id: "00a1" },
    { cells: ["500", "same"], error: "UNABLE_TO_LOCK_ROW:x:--" },
    { cells: ["500", "same"], id: "00a3" },
    { cells: ["500", "other"], id: "00a4" },
  ];
  const { matched, foreign } = matchByContent(sent, echoed);
  expect(matched.map(({ key, part, result }) => [key, part, result])).toEqual([
    ["note-1", 1, echoed[0]],
    ["note-2", 1, echoed[1]],
  ]);
  expect(foreign).toEqual([echoed[2], echoed[3]]);
});
