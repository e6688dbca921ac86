import { expect, test } from "vitest";
import { joined, textOnce, written } from "../../../sinks/dynamics/late-text.ts";

test("a text is written byte for byte, and its size is known before", () => {
  const text = joined(["é,", textOnce("日本", () => "never"), "", joined(["😀"])]);
  expect(text.bytes).toBe(Buffer.byteLength("é,日本😀"));
  expect(written(text).toString()).toBe("é,日本😀");
});

test("a text written once is let go, and made again for whoever writes it once more", () => {
  let made = 0;
  const again = (): string => {
    made += 1;
    return "abc";
  };
  const text = textOnce("abc", again);
  expect([written(text).toString(), made]).toEqual(["abc", 0]);
  expect([written(text).toString(), made]).toEqual(["abc", 1]);
});

test("a text that comes out differently the second time never leaves", () => {
  const shorter = textOnce("abc", () => "ab");
  written(shorter);
  expect(() => written(shorter)).toThrow();
  const longer = textOnce("abc", () => "abcd");
  written(longer);
  expect(() => written(joined([longer, "!"]))).toThrow();
  expect(() => written(longer)).toThrow();
});
