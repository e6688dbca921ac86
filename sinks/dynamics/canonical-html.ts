/** Elements without content, whether they are closed or not. */
const empty = new Set(["area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"]);
/** Ends at the first `>`, also within quotes: each text is looked at once, whatever it holds. */
const tag = /<(\/?)([a-z][a-z0-9]*)((?:[\s/][^<>]*)?)>/gi;
const attribute = /([^\s"'=<>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

const characters: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

/**
 * Markup in a form in which the same is written the same: names in lower case, attributes in order and
 * in double quotes, entities as characters where they need not be entities, blanks as one blank, none
 * around line-breaking elements.
 */
export function canonicalHtml(html: string): string {
  let text = "";
  let at = 0;
  for (const match of html.matchAll(tag)) {
    text += canonicalText(html.slice(at, match.index));
    const [whole, slash = "", name = "", rest = ""] = match;
    const element = name.toLowerCase();
    if (slash === "/" && !empty.has(element)) text += `</${element}>`;
    else if (slash === "") text += `<${element}${attributes(rest)}>`;
    at = match.index + whole.length;
  }
  text += canonicalText(html.slice(at));
  return text
    .replace(/[ \t\r\n\f]+/g, " ")
    .replace(
      / ?(<\/?(?:br|p|div|ul|ol|li|table|tbody|thead|tr|td|th|h[1-6]|hr|pre|blockquote)\b[^>]*>) ?/g,
      "$1",
    )
    .trim();
}

function canonicalText(text: string): string {
  return escaped(decoded(text));
}

function attributes(text: string): string {
  const named = [...text.matchAll(attribute)].map(([, name = "", ...values]) => {
    const value = values.find((each) => each !== undefined) ?? "";
    return ` ${name.toLowerCase()}="${escaped(decoded(value)).replaceAll('"', "&quot;")}"`;
  });
  return named.sort().join("");
}

function decoded(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return characters[String(name).toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
