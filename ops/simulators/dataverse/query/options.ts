import { splitOutside } from "../web/address.ts";
import { badQuery, notImplemented } from "../web/api-error.ts";
import type { Condition } from "./condition.ts";
import { parseFilter } from "./parse-filter.ts";

/** One step of an order. */
export interface Order {
  readonly path: readonly string[];
  readonly descending: boolean;
}

/** A navigation property to be shown with its rows. */
export interface Expand extends Shape {
  readonly name: string;
}

/** What is to be shown of the rows, and which rows of a collection. */
export interface Shape {
  readonly select: readonly string[] | undefined;
  readonly expand: readonly Expand[];
  readonly filter: Condition | undefined;
  readonly orderBy: readonly Order[];
  readonly top: number | undefined;
}

/** The options of a query. */
export interface QueryOptions extends Shape {
  readonly count: boolean;
  readonly apply: string | undefined;
  readonly skipToken: string | undefined;
  readonly deltaToken: string | undefined;
}

const known: ReadonlySet<string> = new Set([
  "$select",
  "$filter",
  "$orderby",
  "$top",
  "$count",
  "$expand",
  "$apply",
  "$skiptoken",
  "$deltatoken",
]);
const otherQueries = ["fetchXml", "savedQuery", "userQuery", "sql"];

/** Reads the options of a query; refuses those the service does not have. */
export function optionsOf(query: ReadonlyMap<string, string>): QueryOptions {
  for (const name of otherQueries)
    if (query.has(name)) throw notImplemented(`The query option ${name}`);
  for (const name of query.keys()) {
    if (!name.startsWith("$") || known.has(name)) continue;
    const message = `The query parameter ${name} is not supported.`;
    throw name === "$search" ? notImplemented(`The query option ${name}`) : badQuery(message);
  }
  return {
    ...shapeOf(
      (name) => query.get(name),
      (name) => query.get(name),
    ),
    count: flag(query.get("$count")),
    apply: query.get("$apply"),
    skipToken: query.get("$skiptoken"),
    deltaToken: query.get("$deltatoken"),
  };
}

function flag(text: string | undefined): boolean {
  if (text === undefined || text === "false") return false;
  if (text === "true") return true;
  throw badQuery(`Invalid value '${text}' for $count query option found.`);
}

type Given = (name: string) => string | undefined;

function shapeOf(option: Given, alias: Given): Shape {
  const filter = option("$filter");
  return {
    select: listOf(option("$select")),
    expand: expandOf(option("$expand"), alias),
    filter: filter === undefined || filter.trim() === "" ? undefined : parseFilter(filter, alias),
    orderBy: orderOf(option("$orderby")),
    top: topOf(option("$top")),
  };
}

function listOf(text: string | undefined): string[] | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function orderOf(text: string | undefined): Order[] {
  return (listOf(text) ?? []).map((part) => {
    const [path = "", direction = "asc", more] = part.split(/\s+/);
    if (more !== undefined || !["asc", "desc"].includes(direction))
      throw badQuery(`Syntax error in $orderby '${part}'.`);
    return { path: path.split("/"), descending: direction === "desc" };
  });
}

function topOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text))
    throw badQuery(
      `Invalid value '${text}' for $top query option found. The $top query option requires a non-negative integer value.`,
    );
  return Number(text);
}

function expandOf(text: string | undefined, alias: Given): Expand[] {
  if (text === undefined || text.trim() === "") return [];
  const expands = splitOutside(text, ",").map((part) => oneExpand(part.trim(), alias));
  if (expands.length > 15) throw badQuery("The number of $expand properties is greater than 15.");
  return expands;
}

function oneExpand(text: string, alias: Given): Expand {
  const open = text.indexOf("(");
  if (open < 0) return { name: text, ...shapeOf(() => undefined, alias) };
  if (!text.endsWith(")")) throw badQuery(`Syntax error in $expand '${text}'.`);
  const inner = new Map<string, string>();
  for (const part of splitOutside(text.slice(open + 1, -1), ";")) {
    const equals = part.indexOf("=");
    if (equals > 0) inner.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  return { name: text.slice(0, open), ...shapeOf((name) => inner.get(name), alias) };
}
