import { SaxesParser, type SaxesTagNS } from "saxes";

const xsi = "http://www.w3.org/2001/XMLSchema-instance";

/** An element that was read; names are without their prefix, since clients choose prefixes as they like. */
export interface XmlElement {
  readonly name: string;
  /** What `xsi:type` says, without its prefix. */
  readonly type: string | undefined;
  readonly nil: boolean;
  readonly children: XmlElement[];
  text: string;
}

/** A document that is not well-formed, or says more than a SOAP message may. */
export class XmlRefused extends Error {}

/** Reads a document; throws `XmlRefused`. No document type is taken, and so no entities. */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  const refuse = (why: string): never => {
    throw new XmlRefused(why);
  };
  parser.on("error", (error) => refuse(error.message));
  parser.on("doctype", () => refuse("DOCTYPE is not allowed"));
  parser.on("opentag", (tag) => {
    const element = elementOf(tag);
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (more: string): void => {
    const at = open.at(-1);
    if (at !== undefined) at.text += more;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => void open.pop());
  parser.write(text).close();
  return root ?? refuse("there is no element");
}

function elementOf(tag: SaxesTagNS): XmlElement {
  const attributes = Object.values(tag.attributes).filter(({ uri }) => uri === xsi);
  const said = (name: string): string | undefined =>
    attributes.find(({ local }) => local === name)?.value;
  return {
    name: tag.local,
    type: said("type")?.split(":").at(-1),
    nil: said("nil") === "true",
    children: [],
    text: "",
  };
}

/** The first child of a name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** The text of the first child of a name, trimmed; undefined where it is not there or empty. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  const text = childOf(element, name)?.text.trim();
  return text === "" ? undefined : text;
}

/** What a reply's element holds: text, or elements by name; a list repeats its element, undefined leaves it out. */
export type XmlValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

/** Writes elements by name; keys that begin with `@` are attributes of the element around them, null is `xsi:nil`. */
export function xmlOf(name: string, value: XmlValue): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map((one: XmlValue) => xmlOf(name, one)).join("");
  if (value === null) return `<${name} xsi:nil="true"/>`;
  if (typeof value !== "object") return `<${name}>${escaped(String(value))}</${name}>`;
  const entries = Object.entries(value as Readonly<Record<string, XmlValue>>);
  const attributes = entries.filter(([key]) => key.startsWith("@"));
  const children = entries.filter(([key]) => !key.startsWith("@"));
  const head = attributes.map(([key, text]) => ` ${key.slice(1)}="${escaped(String(text))}"`);
  const body = children.map(([key, child]) => xmlOf(key, child));
  return `<${name}${head.join("")}>${body.join("")}</${name}>`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  // Characters that XML cannot hold at all are left out.
  const sound = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  return sound.replace(/[&<>"]/g, (char) => entities[char] ?? char);
}
