import * as fc from "fast-check";
import { expect, test } from "vitest";
import { htmlToText, looksLikeHtml } from "../../pipeline/mapping/html-text.ts";

test.each([
  ["<p>No heat.</p><ul><li>ring <b>twice</b></li></ul>", "No heat.\n\n- ring twice"],
  ["a<br>b<br/>c", "a\nb\nc"],
  [
    '<p>x</p><script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:void 0">open',
    "x\nopen",
  ],
  ["<SCRIPT>alert(1)", ""],
  [
    "5 &lt; 6 &amp;&amp; 7 &#62; 6 &#xd83d;&nbsp;&Uuml;&unknown;",
    "5 < 6 && 7 > 6 \ufffd Ü&unknown;",
  ],
  ["<!-- gone -->kept<unclosed attribute", "kept"],
  ["i <3 you <b>all</b>", "i <3 you all"],
])("%j reads as %j", (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

test("a text without markup is not taken for HTML", () => {
  for (const text of ["a < b and c > d", "Smith & Sons", "<3", "1 <2> 3", "R&D; more"]) {
    expect(looksLikeHtml(text)).toBe(false);
  }
});

test("no input leaves a tag's angle bracket pair, a NUL or a lone surrogate behind", () => {
  const piece = fc.constantFrom(
    "<",
    ">",
    "</",
    "<p",
    "<script",
    "<!--",
    "&#0;",
    "&#xdc00;",
    "&lt",
    ";",
    "x",
    " ",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = htmlToText(pieces.join(""));
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toContain("\u0000");
      expect(text).not.toMatch(/<(p|script)[ >]/);
    }),
  );
});

test("two megabytes of the worst markup take a blink", () => {
  const started = process.cpuUsage();
  for (const part of ["<script", "</script", "<a ", "<!--", "&#", "<p>", "< "]) {
    htmlToText(part.repeat(2_000_000 / part.length));
  }
  // What the processor spent: a busy machine makes nobody slower by that clock.
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(5000);
});
