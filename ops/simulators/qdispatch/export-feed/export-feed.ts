import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../server/clock.ts";
import { sendJson } from "../../server/reply.ts";
import type { Version } from "../truth/ledger.ts";
import type { Entity } from "../truth/row.ts";
import type { FileAddresses } from "../files/signed-address.ts";
import type { View } from "../truth/view.ts";
import { positionOf, tokenOf } from "./feed-token.ts";
import { feeds, pageSize, routeOf, type Scope } from "./route.ts";
import { type Sign, wireOf } from "./wire.ts";
import { idNumber } from "./wire-values.ts";

/** What happens behind a reader's back once a page has left; `whole` = the reader is on its first way through. */
export type AfterPage = (page: {
  feed: string;
  entity: Entity;
  versions: readonly Version[];
  whole: boolean;
  last: boolean;
}) => void;

/** Changes younger than this come again with the next poll. */
const repeatMs = 2_000;

/** Dialect A, a token feed: answers one permitted request; `path` is without the query. */
export function exportFeed(parts: {
  view: View;
  clock: Clock;
  addresses: FileAddresses;
  afterPage: AfterPage;
  /** Feeds this tenant does not have. */
  without: readonly string[];
}) {
  const { view, clock, addresses, afterPage, without } = parts;
  const signFor =
    (req: IncomingMessage): Sign =>
    (row, listed) =>
      addresses.sign(row, { origin: originOf(req), listed });

  const feedPage = (
    name: string,
    entity: Entity,
    query: URLSearchParams,
    { res, sign }: Reply,
  ): void => {
    const position = positionOf(name, query.get("from"));
    if (position === undefined)
      return refuse(res, 400, "invalid_from", "from is neither a token of this feed nor a date");
    const limit = pageSize(query);
    const now = clock.now();
    const { after, since, whole = false } = position;
    const withDeleted = query.get("active") === "Any";
    const settled = view.settledSeq(now - repeatMs);
    const found = view.changesAfter(entity, {
      after,
      ...(since === undefined ? {} : { since }),
      withDeleted,
      now,
      limit: limit + 1,
    });
    const hasMore = found.length > limit;
    const versions = found.slice(0, limit);
    const read = versions.at(-1)?.seq ?? after;
    // On the last page the token stays behind what is too young to be settled; a date has done its work there.
    const next = hasMore
      ? { after: read, ...(since === undefined ? {} : { since }), whole }
      : { after: Math.max(Math.min(read, settled), since === undefined ? 0 : settled) };
    const data = versions.map((version) => wireOf(entity, version, { sign, listed: true }));
    sendJson(res, 200, { data, hasMore, continueFrom: tokenOf(name, next) });
    afterPage({ feed: name, entity, versions, whole, last: !hasMore });
  };

  const census = (entity: Entity, query: URLSearchParams, { res, sign }: Reply): void => {
    const limit = pageSize(query);
    const page = Math.max(1, Number(query.get("page") ?? 1) || 1);
    const now = clock.now();
    const found = view.living(entity, { now, offset: (page - 1) * limit, limit: limit + 1 });
    const onlyIds = query.get("fields") === "id";
    const data = found.slice(0, limit).map((id) => {
      const version = onlyIds ? undefined : view.byId(entity, id, now);
      return version === undefined
        ? { id: idNumber(id) }
        : wireOf(entity, version, { sign, listed: true });
    });
    const totalCount = view.livingCount(entity, now);
    sendJson(res, 200, { page, pageSize: limit, totalCount, hasMore: found.length > limit, data });
  };

  const one = (entity: Entity, id: string, { res, sign }: Reply): void => {
    const version = view.byId(entity, id, clock.now());
    if (version === undefined) return refuse(res, 404, "not_found", `no ${entity} ${id}`);
    sendJson(res, 200, wireOf(entity, version, { sign, listed: false }));
  };

  const feedOf = (name: string | undefined) =>
    name === undefined || without.includes(name) ? undefined : feeds[name];

  return {
    /** The scope an address needs; undefined when there is no such address. */
    scopeOf(path: string): Scope | undefined {
      return feedOf(routeOf(path)?.feed)?.scope;
    },
    answer(req: IncomingMessage, res: ServerResponse, url: URL): void {
      const route = routeOf(url.pathname);
      const feed = feedOf(route?.feed);
      if (route === undefined || feed === undefined)
        return refuse(res, 404, "not_found", "no such address");
      if (req.method !== "GET")
        return refuse(res, 405, "method_not_allowed", "this API only reads");
      const reply = { res, sign: signFor(req) };
      if (route.kind === "feed") feedPage(route.feed, feed.entity, url.searchParams, reply);
      else if (route.kind === "list") census(feed.entity, url.searchParams, reply);
      else one(feed.entity, route.id, reply);
    },
  };
}

interface Reply {
  readonly res: ServerResponse;
  readonly sign: Sign;
}

/** The address the client reached us by. */
function originOf(req: IncomingMessage): string {
  const scheme = "encrypted" in req.socket ? "https" : "http";
  return `${scheme}://${req.headers.host ?? "127.0.0.1"}`;
}

function refuse(res: ServerResponse, status: number, code: string, message: string): void {
  sendJson(res, status, { error: { code, message } });
}
