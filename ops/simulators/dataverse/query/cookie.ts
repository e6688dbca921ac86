import { badQuery } from "../web/api-error.ts";
import type { Place } from "./row-order.ts";

/** Where the next page begins. */
export interface PageMark {
  readonly page: number;
  /** The last row of the page before. */
  readonly last: Place;
  /** Where changes are tracked: the row version when the first page was read. */
  readonly since?: number;
}

/** The `$skiptoken` of a next link, not yet encoded for the address. */
export function skipTokenOf(mark: PageMark, primaryId: string): string {
  const since = mark.since === undefined ? "" : ` since="${mark.since}"`;
  const keys = escaped(JSON.stringify(mark.last.keys));
  const cookie = `<cookie page="${mark.page - 1}" keys="${keys}"${since}><${primaryId} last="{${mark.last.id.toUpperCase()}}" /></cookie>`;
  const twice = encodeURIComponent(encodeURIComponent(cookie));
  return `<cookie pagenumber="${mark.page}" pagingcookie="${twice}" istracking="${mark.since === undefined ? "False" : "True"}" />`;
}

/** Reads a `$skiptoken`, decoded as a part of the query; throws 400 for one we did not give. */
export function readSkipToken(token: string): PageMark {
  const outer = /pagenumber="(\d+)" pagingcookie="([^"]*)"/.exec(token);
  const cookie = outer === null ? "" : decodeURIComponent(decodeURIComponent(outer[2] ?? ""));
  const inner = /keys="([^"]*)"(?: since="(\d+)")?><\w+ last="\{([^}]+)\}"/.exec(cookie);
  if (outer === null || inner === null) throw badQuery("Malformed paging cookie.");
  const keys = JSON.parse(unescaped(inner[1] ?? "[]")) as Place["keys"];
  const last = { keys, id: (inner[3] ?? "").toLowerCase() };
  return {
    page: Number(outer[1]),
    last,
    ...(inner[2] === undefined ? {} : { since: Number(inner[2]) }),
  };
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

function unescaped(text: string): string {
  return text
    .replaceAll("&gt;", ">")
    .replaceAll("&lt;", "<")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
