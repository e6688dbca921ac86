import { openUsage, type Usage, type Use } from "./usage.ts";

/** What a user may still ask of an environment before a limit strikes. */
export interface Budget {
  /** Milliseconds until a call of this kind may go; 0: now. */
  waitMs(now: number, api: string): number;
  /** The share of the limits that is used or about to be, 0 to 1 and above. */
  used(now: number): number;
  /** A call goes out. */
  goes(api: string): void;
  /** A call has ended, with the headers of its answer and how long it took. */
  ended(api: string, now: number, headers: Readonly<Record<string, string>>, tookMs: number): void;
}

/** A part of each limit is left untouched: other programs may use the same user. */
const untouched = 0.005;
const limits: Use = { requests: 6000, ms: 1_200_000 };
/** What a call is taken to cost before one of its kind has been seen, ms of execution. */
const firstGuessMs = 500;

/** A budget by the service's sliding windows: one for each web server the answers come from. */
export function openBudget(windowSeconds: number): Budget {
  const servers = new Map<string, { usage: Usage; heardAt: number }>();
  const costs = new Map<string, number>();
  const underWay = new Map<string, number>();
  const costOf = (api: string): number => costs.get(api) ?? firstGuessMs;
  const waiting = (): Use => {
    let ms = 0;
    let requests = 0;
    for (const [api, count] of underWay) {
      ms += count * costOf(api);
      requests += count;
    }
    return { ms, requests };
  };
  return {
    waitMs(now, api) {
      const open = waiting();
      // The service lets a call in while less than the limit is used; one call more is our own doubt.
      const wanted = {
        requests: limits.requests * untouched + open.requests + 1,
        ms: Math.min(limits.ms, limits.ms * untouched + open.ms + costOf(api)),
      };
      let until = now;
      for (const [name, { usage, heardAt }] of servers) {
        if (now - heardAt > windowSeconds * 1000) servers.delete(name);
        else until = Math.max(until, usage.freeAt(now, wanted));
      }
      return until - now;
    },
    used(now) {
      const open = waiting();
      let share = 0;
      for (const { usage } of servers.values()) {
        const { requests, ms } = usage.left(now);
        const byRequests = 1 - (requests - open.requests) / limits.requests;
        share = Math.max(share, byRequests, 1 - (ms - open.ms) / limits.ms);
      }
      return share;
    },
    goes: (api) => void underWay.set(api, (underWay.get(api) ?? 0) + 1),
    ended(api, now, headers, tookMs) {
      underWay.set(api, Math.max(0, (underWay.get(api) ?? 0) - 1));
      const server = /ARRAffinity=([^;,\s]+)/.exec(headers["set-cookie"] ?? "")?.[1] ?? "";
      const known = servers.get(server) ?? { usage: openUsage(windowSeconds), heardAt: now };
      servers.set(server, known);
      known.heardAt = now;
      const left = leftBy(headers);
      if (left === undefined) return known.usage.spent(now, tookMs);
      const cost = known.usage.heard(now, left);
      // What left the window at that moment makes a call look cheap: the dear ones count.
      const before = costs.get(api) ?? cost;
      costs.set(api, before + (cost - before) * (cost > before ? 0.3 : 0.02));
    },
  };
}

/** What an answer says is left: calls, and seconds of execution written like `1,199.9`. */
function leftBy(headers: Readonly<Record<string, string>>): Use | undefined {
  const requests = headers["x-ms-ratelimit-burst-remaining-xrm-requests"];
  const seconds = headers["x-ms-ratelimit-time-remaining-xrm-requests"];
  if (requests === undefined || seconds === undefined) return undefined;
  const left = { requests: number(requests), ms: number(seconds) * 1000 };
  return Number.isFinite(left.requests) && Number.isFinite(left.ms) ? left : undefined;
}

function number(text: string): number {
  return Number(text.replaceAll(",", "").trim() || Number.NaN);
}
