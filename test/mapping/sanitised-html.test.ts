import fc from "fast-check";
import { expect, test } from "vitest";
import { richHtml, richHtmlOver } from "../../pipeline/mapping/rich-html.ts";
import { sanitisedHtml } from "../../pipeline/mapping/sanitised-html.ts";

test.each([
  ["a script", "<p>a</p><script>alert(1)</script>b", "<p>a</p>b"],
  ["a script in a script's words", "<script>'</scrip' + '<b>'</script >c", "c"],
  ["a script never closed", "a<script>alert(1)", "a"],
  ["a handler", '<p onclick="alert(1)">a</p>', "<p>a</p>"],
  ["a handler behind a slash", "<b/onmouseover=alert(1)>a</b>", "<b>a</b>"],
  ["an image that fails", "<img src=x onerror=alert(1)>a", "a"],
  [
    "an image's words",
    '<img src="https://t.example/p.gif" alt="Boiler & pump">',
    "Boiler &amp; pump",
  ],
  ["a script's address", '<a href="javascript:alert(1)">a</a>', "<a>a</a>"],
  ["a script's address in capitals", '<a href="JaVaScRiPt:alert(1)">a</a>', "<a>a</a>"],
  ["a script's address behind a space", '<a href=" javascript:alert(1)">a</a>', "<a>a</a>"],
  ["a script's address torn by a tab", '<a href="java\tscript:alert(1)">a</a>', "<a>a</a>"],
  ["a script's address in entities", '<a href="&#106;avascript:alert(1)">a</a>', "<a>a</a>"],
  ["a script's address by a named colon", '<a href="javascript&colon;x">a</a>', "<a>a</a>"],
  ["a data address", '<a href="data:text/html;base64,PHA+">a</a>', "<a>a</a>"],
  ["an address without a scheme", '<a href="//evil.example">a</a>', "<a>a</a>"],
  ["a style", '<p style="background:url(javascript:1)">a</p><style>p{}</style>', "<p>a</p>"],
  ["a frame", '<iframe src="https://x.example"><b>in</b></iframe>a', "a"],
  ["a drawing with a script", "<svg><g onload=alert(1)><script>1</script></g></svg>a", "a"],
  ["a drawing in a drawing", "<svg><svg></svg>in</svg>a", "a"],
  ["a form", '<form action="https://x.example"><input value=1>a</form>', "a"],
  ["a comment", "a<!-- <b>b</b> -->c<!doctype html><?php 1 ?>d", "acd"],
  ["a comment that hides nothing", "<!--><img src=x onerror=1>-->a", "--&gt;a"],
  ["a tag in a value", '<a title="<script>1</script>" href=https://a.example>a</a>', null],
  ["an attribute that breaks out", '<a title="&quot; onclick=&quot;1">a</a>', null],
  ["an encoded tag", "&lt;script&gt;1&lt;/script&gt;", "&lt;script&gt;1&lt;/script&gt;"],
  ["half a tag", "a <b", "a <b></b>"],
  ["a lone bracket", "1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"],
])("%s does nothing any more", (_, html, expected) => {
  const text = sanitisedHtml(html);
  if (expected !== null) expect(text).toBe(expected);
  expect(harmless(text)).toBe(true);
});

test("formatting, lists, tables and links stay", () => {
  const html =
    '<h2>Visit</h2><p>Ring <b>twice</b>, <em>then</em> wait.<br>See <a href="https://a.example/?q=1&amp;r=2" title="The &quot;site&quot;" target=_blank>here</a> or <a href="mailto:a@b.example">write</a></p><ol start="3"><li>one</li><li>two</li></ol><table><tr><td colspan="2">x</td></tr></table>';
  expect(sanitisedHtml(html)).toBe(html.replace(" target=_blank", ""));
});

test("what is left open is closed, and what was never opened is not", () => {
  expect(sanitisedHtml("<p>a<b>b<i>c</b>d")).toBe("<p>a<b>b<i>c</i></b>d</p>");
  expect(sanitisedHtml("<ul><li>a<li>b</ul></div>")).toBe("<ul><li>a</li><li>b</li></ul>");
  expect(sanitisedHtml("<p>a<p>b")).toBe("<p>a</p><p>b</p>");
  expect(sanitisedHtml("<ul><li>a<ul><li>b</ul><li>c</ul>")).toBe(
    "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
  );
});

test("entities we know are their characters, others stay as they are", () => {
  expect(sanitisedHtml("caf&eacute; &Omega; &nosuch; &#x1F527; AT&T &#0;")).toBe(
    "café &Omega; &nosuch; 🔧 AT&amp;T \ufffd",
  );
});

test("a format says how a text is read, and without one its look does", () => {
  expect(richHtml("<b>a</b>", "text")).toBe("<p>&lt;b&gt;a&lt;/b&gt;</p>");
  expect(richHtml("a\r\nb\n\nc & d", "text")).toBe("<p>a<br>b</p><p>c &amp; d</p>");
  expect(richHtml("**a** [x](javascript:1)", "markdown")).toBe("<p>a x</p>");
  expect(richHtml("<b>a</b>", null)).toBe("<b>a</b>");
  expect(richHtml("a < b", null)).toBe("<p>a &lt; b</p>");
  expect(richHtml("  ", "text")).toBe("");
});

test("a text is over a length by what it is as HTML", () => {
  expect(richHtmlOver("&".repeat(50), "text", 200)).toBe(true);
  expect(richHtmlOver("&".repeat(30), "text", 200)).toBe(false);
  expect(richHtmlOver(null, "text", 0)).toBe(false);
});

test("two megabytes of the worst markup come to an end", () => {
  for (const worst of [
    "<",
    "<b ",
    "<!--",
    '<p a="',
    "&",
    "<svg>",
    "<script>",
    "<a a a ",
    "<li>",
    " ",
  ]) {
    expect(harmless(sanitisedHtml(`<p ${worst.repeat(2_097_152 / worst.length)}`))).toBe(true);
    expect(harmless(sanitisedHtml(worst.repeat(2_097_152 / worst.length)))).toBe(true);
  }
});

const pieces = [
  ..."< > / = \" ' & ; ! - a b p x : \\ \t \n \u0000 é 🔧".split(" "),
  ...["<script", "</script", "<svg", "<a href=", "javascript:", "onload=", "<!--", "-->", "&#106;"],
  ...["<p>", "</p>", "<li>", "<td>", "<template>", "</svg>", "<plaintext>", "https://a.example"],
];

test("whatever is sent, what comes out is harmless and says the same when it is sent again", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
      const text = sanitisedHtml(parts.join(""));
      expect(harmless(text)).toBe(true);
      expect(sanitisedHtml(text)).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});

const tag =
  /<(?:\/?(?:p|br|hr|div|span|b|strong|i|em|u|s|strike|del|ins|sub|sup|small|code|pre|blockquote|ul|li|dl|dt|dd|h[1-6]|table|caption|thead|tbody|tfoot|tr|a|ol|td|th)|a(?: href="(?:https?:\/\/|mailto:|tel:)[^"<>]*")?(?: title="[^"<>]*")?|ol start="\d+"|t[dh](?: (?:col|row)span="\d+")+)>/gi;

/** Whether a text has no brackets but those of tags that do nothing. */
function harmless(text: string): boolean {
  return !/[<>]/.test(text.replace(tag, ""));
}
