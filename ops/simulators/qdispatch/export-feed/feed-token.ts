/** Where a reader of a feed stands. */
export interface FeedPosition {
  /** The last ledger sequence number the reader has. */
  readonly after: number;
  /** Only what was committed from this moment on, milliseconds since 1970. */
  readonly since?: number;
  /** True while the reader is on its way through everything from the beginning. */
  readonly whole?: boolean;
}

/** The opaque text a reader gets to go on from; it names its feed, so that it works for no other. */
export function tokenOf(feed: string, { after, since, whole }: FeedPosition): string {
  const text = ["1", feed, after, since ?? "", whole ? "w" : ""].join("|");
  return `c.${Buffer.from(text).toString("base64url")}`;
}

/** Reads what a client sent as `from`: nothing, a token of this feed, or an ISO date; undefined when it is none of them. */
export function positionOf(feed: string, from: string | null): FeedPosition | undefined {
  if (from === null || from === "") return { after: 0, whole: true };
  if (/^\d{4}-\d\d-\d\d/.test(from)) {
    const since = Date.parse(from);
    return Number.isNaN(since) ? undefined : { after: 0, since };
  }
  if (!from.startsWith("c.")) return undefined;
  const parts = Buffer.from(from.slice(2), "base64url").toString("utf8").split("|");
  const [version, name, after, since, whole] = parts;
  if (version !== "1" || name !== feed || !/^\d+$/.test(after ?? "")) return undefined;
  return {
    after: Number(after),
    ...(since ? { since: Number(since) } : {}),
    ...(whole === "w" ? { whole: true } : {}),
  };
}
