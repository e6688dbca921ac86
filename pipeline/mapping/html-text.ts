const markup = /<(?:[a-z][a-z0-9]*[\s/>]|\/[a-z]|!--)|&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});/i;

/** Whether a text holds tags or entities; `a < b` does not. */
export function looksLikeHtml(text: string): boolean {
  return (text.includes("<") || text.includes("&")) && markup.test(text);
}

/** Elements whose content is no text. */
const silent = new Set(["script", "style", "head", "template", "noscript"]);
/** Elements that begin a new line. */
const lines = new Set(
  "p div br li ul ol tr table h1 h2 h3 h4 h5 h6 blockquote pre hr section article header footer dl dt dd".split(
    " ",
  ),
);

/**
 * The text a reader of the HTML sees, line by line. One pass over the text, whatever it holds:
 * unclosed tags end at the text's end.
 */
export function htmlToText(html: string): string {
  let text = "";
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open < 0) break;
    text += decodedEntities(html.slice(at, open));
    const tag = tagAt(html, open);
    if (tag === undefined) {
      text += "<";
      at = open + 1;
      continue;
    }
    if (lines.has(tag.name)) text += tag.name === "li" && !tag.closing ? "\n- " : "\n";
    at = silent.has(tag.name) && !tag.closing ? endOf(html, tag) : tag.end;
  }
  return tidied(text + decodedEntities(html.slice(at)));
}

interface Tag {
  readonly name: string;
  readonly closing: boolean;
  readonly end: number;
}

const tagName = /(\/?)([a-z][a-z0-9]*)/iy;

function tagAt(html: string, open: number): Tag | undefined {
  if (html.startsWith("<!--", open)) {
    return { name: "", closing: false, end: after(html, "-->", open) };
  }
  tagName.lastIndex = open + 1;
  const match = tagName.exec(html);
  if (match === null) {
    return html[open + 1] === "!"
      ? { name: "", closing: false, end: after(html, ">", open) }
      : undefined;
  }
  const [, slash = "", name = ""] = match;
  return { name: name.toLowerCase(), closing: slash === "/", end: after(html, ">", open) };
}

function after(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found < 0 ? html.length : found + mark.length;
}

/** Behind the element's closing tag, or the text's end. */
function endOf(html: string, tag: Tag): number {
  const closing = new RegExp(`</${tag.name}`, "gi");
  closing.lastIndex = tag.end;
  return closing.exec(html) === null ? html.length : after(html, ">", closing.lastIndex);
}

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  copy: "©",
  reg: "®",
  trade: "™",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  bull: "•",
  middot: "·",
  deg: "°",
  euro: "€",
  pound: "£",
  sect: "§",
  frac12: "½",
  times: "×",
  auml: "ä",
  ouml: "ö",
  uuml: "ü",
  Auml: "Ä",
  Ouml: "Ö",
  Uuml: "Ü",
  szlig: "ß",
  eacute: "é",
  egrave: "è",
  agrave: "à",
  ccedil: "ç",
  ntilde: "ñ",
};

/** A text with the entities we know as their characters; others stay as they are written. */
export function decodedEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}\d{0,2}));/gi,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return named[name as string] ?? whole;
      return character(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
    },
  );
}

/** What no text may hold, surrogates and NUL among it, becomes U+FFFD, as browsers do. */
function character(code: number): string {
  const invalid = code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return invalid ? "\ufffd" : String.fromCodePoint(code);
}

function tidied(text: string): string {
  return text
    .replace(/[ \t\r\f]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
