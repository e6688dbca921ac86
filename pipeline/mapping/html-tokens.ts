/** A piece of HTML as a browser's tokenizer would cut it. */
export type HtmlToken =
  | { readonly kind: "text"; readonly raw: string }
  | {
      readonly kind: "open";
      readonly name: string;
      readonly attributes: ReadonlyMap<string, string>;
      readonly closed: boolean;
    }
  | { readonly kind: "close"; readonly name: string };

/** Elements whose content is no markup: it ends at their closing tag and nowhere else. */
const rawText: ReadonlySet<string> = new Set(
  "script style textarea title xmp iframe noembed noframes noscript plaintext".split(" "),
);

/** Cuts HTML into texts and tags, in one pass; comments, declarations and raw text are left out. */
export function* htmlTokens(html: string): Generator<HtmlToken> {
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    const end = open < 0 ? html.length : open;
    if (end > at) yield { kind: "text", raw: html.slice(at, end) };
    if (open < 0) return;
    const next = html[open + 1] ?? "";
    if (next === "!" || next === "?") {
      at = behind(html, html.startsWith("<!--", open) ? "-->" : ">", open);
      continue;
    }
    const tag = tagAt(html, open);
    if (tag === undefined) {
      yield { kind: "text", raw: "<" };
      at = open + 1;
      continue;
    }
    yield tag.token;
    at = tag.end;
    if (tag.token.kind === "open" && rawText.has(tag.token.name)) {
      at = rawEnd(html, tag.token.name, at);
    }
  }
}

const tagName = /<(\/?)([a-z][^\s/>]*)/iy;
const attribute =
  /[\s/]*([^\s/>=][^\s/>=]*)(?:[ \t\n\f\r]*=[ \t\n\f\r]*(?:"([^"]*)(?:"|$)|'([^']*)(?:'|$)|([^\s>]*)))?/y;

function tagAt(
  html: string,
  open: number,
): { readonly token: Exclude<HtmlToken, { kind: "text" }>; readonly end: number } | undefined {
  tagName.lastIndex = open;
  const match = tagName.exec(html);
  if (match === null) return undefined;
  const [whole, slash, written = ""] = match;
  const name = written.toLowerCase();
  const attributes = new Map<string, string>();
  let at = open + whole.length;
  for (;;) {
    attribute.lastIndex = at;
    const found = attribute.exec(html);
    if (found === null) break;
    at += found[0].length;
    const key = (found[1] ?? "").toLowerCase();
    // The first of several counts, as in a browser.
    if (!attributes.has(key)) attributes.set(key, found[2] ?? found[3] ?? found[4] ?? "");
  }
  const end = behind(html, ">", at);
  if (slash === "/") return { token: { kind: "close", name }, end };
  const closed = html.slice(at, end).includes("/");
  return { token: { kind: "open", name, attributes, closed }, end };
}

function behind(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found < 0 ? html.length : found + mark.length;
}

/** Where the closing tag of a raw text element begins, or the text's end. */
function rawEnd(html: string, name: string, from: number): number {
  const closing = new RegExp(`</${name}(?=[\\s/>])`, "gi");
  closing.lastIndex = from;
  return closing.exec(html)?.index ?? html.length;
}
