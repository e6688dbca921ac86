import * as fc from "fast-check";
import { expect, test } from "vitest";
import { splitText } from "../../pipeline/mapping/split-text.ts";

const piece = fc.constantFrom(
  "a",
  "word ",
  "Größe ",
  "👩‍🔧",
  "\n",
  "  ",
  "漢字",
  "x".repeat(70),
  "é ",
);
const text = fc
  .array(piece, { minLength: 1, maxLength: 400 })
  .map((pieces) => pieces.join("").trim())
  .filter((each) => each !== "");

const mark = /^\((\d+)\/(\d+)\) /;

test("whatever the text, its parts fit in bytes, count themselves in order and hold all of it", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 60, max: 4000 }), (whole, limit) => {
      const parts = splitText(whole, limit);
      for (const part of parts) {
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(limit);
        expect(part.isWellFormed()).toBe(true);
      }
      if (parts.length === 1) {
        expect(parts).toEqual([whole]);
        return;
      }
      const marks = parts.map((part) => mark.exec(part)?.slice(1).map(Number));
      expect(marks).toEqual(parts.map((_, at) => [at + 1, parts.length]));
      const bare = parts.map((part) => part.replace(mark, ""));
      expect(bare.join("").replace(/\s/g, "")).toBe(whole.replace(/\s/g, ""));
      expect(bare.every((part) => part !== "" && part === part.trim())).toBe(true);
    }),
  );
});

test("a text is cut at a word, and within one only where no word fits", () => {
  expect(splitText("one two three four five six seven eight", 20)).toEqual([
    "(1/3) one two three",
    "(2/3) four five six",
    "(3/3) seven eight",
  ]);
  expect(splitText(`${"x".repeat(30)} end`, 20)).toEqual([
    `(1/3) ${"x".repeat(14)}`,
    `(2/3) ${"x".repeat(14)}`,
    "(3/3) xx end",
  ]);
});

test("a limit is of bytes: two thousand umlauts fit, and one more does not", () => {
  expect(splitText("ü".repeat(2000), 4000)).toHaveLength(1);
  expect(splitText("ü".repeat(2001), 4000)).toHaveLength(2);
});

test("a thousand parts are numbered with marks that still fit", () => {
  const parts = splitText("ab ".repeat(10_000).trim(), 40);
  expect(parts.length).toBeGreaterThan(999);
  expect(parts.at(-1)).toContain(`(${parts.length}/${parts.length}) `);
  expect(Math.max(...parts.map((part) => Buffer.byteLength(part)))).toBeLessThanOrEqual(40);
});
