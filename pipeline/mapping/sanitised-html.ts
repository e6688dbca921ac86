import { decodedEntities } from "./html-text.ts";
import { escapedValue, writtenText } from "./html-escape.ts";
import { type HtmlToken, htmlTokens } from "./html-tokens.ts";

type OpenTag = Extract<HtmlToken, { kind: "open" }>;

/** What may stay, with the attributes each may have; everything else leaves its words only. */
const allowed: ReadonlyMap<string, readonly string[]> = new Map(
  [
    "p br hr div span b strong i em u s strike del ins sub sup small code pre blockquote ul li dl dt dd",
    "h1 h2 h3 h4 h5 h6 table caption thead tbody tfoot tr",
  ]
    .flatMap((names) => names.split(" "))
    .map((name): [string, readonly string[]] => [name, []])
    .concat([
      ["a", ["href", "title"]],
      ["ol", ["start"]],
      ["td", ["colspan", "rowspan"]],
      ["th", ["colspan", "rowspan"]],
    ]),
);

const empty: ReadonlySet<string> = new Set(["br", "hr"]);

/** Elements that go with whatever stands in them. */
const silent: ReadonlySet<string> = new Set(
  "head template svg math object applet audio video canvas select datalist frameset".split(" "),
);

/** Elements that a new one of a name ends, up to the element that holds them both. */
const ends: Readonly<Record<string, readonly string[]>> = {
  li: ["li"],
  p: ["p"],
  dt: ["dt", "dd"],
  dd: ["dt", "dd"],
  tr: ["tr", "td", "th"],
  td: ["td", "th"],
  th: ["td", "th"],
};
const holders: ReadonlySet<string> = new Set(
  "ul ol dl table thead tbody tfoot div blockquote".split(" "),
);

/** Deeper nesting says nothing to a reader, and a browser cuts it too. */
const deepest = 100;

/**
 * HTML without anything that runs or is fetched: scripts, handlers, styles, images and addresses other
 * than web, mail and telephone are gone, formatting stays. It is written anew from its tokens, each text
 * escaped and each element closed, so nothing of the source stands in it as it was sent.
 */
export function sanitisedHtml(html: string): string {
  const open: string[] = [];
  let text = "";
  let dropped: { readonly name: string; depth: number } | undefined;
  const closeTo = (at: number): void => {
    while (open.length > at) text += `</${open.pop()}>`;
  };
  for (const token of htmlTokens(html)) {
    if (dropped !== undefined) {
      if (token.kind === "text" || token.name !== dropped.name) continue;
      dropped.depth += token.kind === "close" ? -1 : token.closed ? 0 : 1;
      if (dropped.depth === 0) dropped = undefined;
    } else if (token.kind === "text") text += writtenText(token.raw);
    else if (token.kind === "close") {
      const at = open.lastIndexOf(token.name);
      if (at >= 0) closeTo(at);
    } else if (silent.has(token.name)) {
      if (!token.closed) dropped = { name: token.name, depth: 1 };
    } else if (token.name === "img") text += writtenText(token.attributes.get("alt") ?? "");
    else if (allowed.has(token.name) && open.length < deepest) {
      closeTo(endedBy(token.name, open));
      text += written(token);
      if (!empty.has(token.name)) open.push(token.name);
    }
  }
  closeTo(0);
  return text;
}

/** How many of the open elements stay open under a new one. */
function endedBy(name: string, open: readonly string[]): number {
  const ended = ends[name];
  if (ended === undefined) return open.length;
  let stays = open.length;
  for (let at = open.length - 1; at >= 0; at -= 1) {
    const element = open[at] ?? "";
    if (ended.includes(element)) stays = at;
    else if (holders.has(element)) break;
  }
  return stays;
}

function written({ name, attributes }: OpenTag): string {
  let text = `<${name}`;
  for (const key of allowed.get(name) ?? []) {
    const given = attributes.get(key);
    const value = given === undefined ? undefined : valueOf(key, decodedEntities(given));
    if (value !== undefined) text += ` ${key}="${escapedValue(value)}"`;
  }
  return `${text}>`;
}

function valueOf(key: string, value: string): string | undefined {
  if (key === "title") return value;
  if (key !== "href") return /^\d{1,4}$/.test(value.trim()) ? value.trim() : undefined;
  // Browsers look past control characters, wherever they stand.
  // oxlint-disable-next-line no-control-regex
  const address = value.replace(/[\u0000-\u001f\u007f-\u009f]+/g, "").trim();
  return /^(?:https?:\/\/|mailto:|tel:)/i.test(address) ? address : undefined;
}
