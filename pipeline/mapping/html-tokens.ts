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

const markup = /<(?:\/?[a-z]|[!?])/gi;

/** Cuts HTML into texts and tags, in one pass; comments, declarations and raw text are left out. */
export function* htmlTokens(html: string): Generator<HtmlToken> {
  const begins = new RegExp(markup);
  let at = 0;
  while (at < html.length) {
    begins.lastIndex = at;
    const open = begins.exec(html)?.index ?? html.length;
    if (open > at) yield { kind: "text", raw: html.slice(at, open) };
    if (open === html.length) return;
    if (/[!?]/.test(html[open + 1] ?? "")) {
      at = behind(html, html.startsWith("<!--", open) ? "-->" : ">", open);
      continue;
    }
    const { token, end } = tagAt(html, open);
    yield token;
    at = end;
    if (token.kind === "open" && rawText.has(token.name)) at = rawEnd(html, token.name, at);
  }
}

const tagName = /<(\/?)([a-z][^\s/>]*)/iy;
const attribute =
  /[\s/]*([^\s/>=][^\s/>=]*)(?:[ \t\n\f\r]*=[ \t\n\f\r]*(?:"([^"]*)(?:"|$)|'([^']*)(?:'|$)|([^\s>]*)))?/y;

function tagAt(
  html: string,
  open: number,
): { readonly token: Exclude<HtmlToken, { kind: "text" }>; readonly end: number } {
  tagName.lastIndex = open;
  const [whole = "", slash, written = ""] = tagName.exec(html) ?? [];
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
