import { expect, test } from "vitest";
import type { FieldPlan } from "../../../pipeline/core/plan.ts";
import { canonical } from "../../../sinks/dynamics/canonical.ts";
import { base64Digest } from "../../../sinks/dynamics/file-digests.ts";

const html: FieldPlan = { name: "notetext", type: "textarea", html: true };
const same = (one: string, other: string) =>
  expect(canonical(html, one)).toBe(canonical(html, other));

test.each([
  ["<P Class='a' ID=b>Hi</P>", '<p class="a" id="b">Hi</p>'],
  ["<p id=b class=a>Hi</p>", '<p class="a" id="b">Hi</p>'],
  ["One<br/>Two<BR />Three", "One<br>Two<br>Three"],
  ["Caf&eacute; &amp; &#228;&#xe4; &quot;x&quot;", 'Caf&eacute; &amp; ää "x"'],
  ["<p>One</p>\r\n  <p>Two</p>", "<p>One</p><p>Two</p>"],
  ["a\n b\t c", "a b c"],
  ["a &lt; b", "a &lt; b"],
  ['<a href="x?a=1&b=2">x</a>', '<a href="x?a=1&amp;b=2">x</a>'],
])("markup that says the same is the same: %s", (one, other) => same(one, other));

test.each([
  ["<p>One</p>", "<p>one</p>"],
  ["<b>One</b>", "<i>One</i>"],
  ["a &lt;b&gt; c", "a <b> c"],
  ['<a href="x">y</a>', '<a href="z">y</a>'],
  ["one two", "onetwo"],
])("markup that says something else differs: %s, %s", (one, other) => {
  expect(canonical(html, one)).not.toBe(canonical(html, other));
});

test("markup of nothing is nothing, and hostile markup takes no time", () => {
  expect(canonical(html, "  \n ")).toBeNull();
  expect(canonical(html, null)).toBeNull();
  const hostile = [
    "<".repeat(40_000),
    "<p ".repeat(20_000),
    "<p a='".repeat(10_000),
    "&".repeat(40_000),
  ];
  for (const text of hostile) expect(canonical(html, text)).not.toBeUndefined();
});

test("plain texts are compared as everywhere, tags and all", () => {
  const text: FieldPlan = { name: "description", type: "textarea" };
  expect(canonical(text, " <P>a</P>\r\n")).toBe("<P>a</P>");
});

test("a file's digest is of its bytes, however its base64 is cut", async () => {
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 256));
  const pieces = (size: number): AsyncIterable<Uint8Array> =>
    (async function* () {
      const text = Buffer.from(`"${bytes.toString("base64")}"`);
      for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
    })();
  const { createHash } = await import("node:crypto");
  const digest = createHash("sha256").update(bytes).digest("hex");
  for (const size of [1, 3, 4, 5, 997, 2000]) expect(await base64Digest(pieces(size))).toBe(digest);
});
