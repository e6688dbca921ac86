import { CutoverError } from "../../pipeline/core/errors.ts";
import { always, notLeft } from "../may-leave.ts";
import type { MayLeave } from "../sink.ts";
import { openBudget } from "./budget.ts";
import { openDegree } from "./degree.ts";
import type { Token } from "./token.ts";

/** One application user as calls are sent with it. */
export interface Caller {
  readonly token: Token;
  /** Resolves when the service takes another call of this user; throws SINK_UNAVAILABLE where it may not leave. */
  enter(api: string, mayLeave?: MayLeave): Promise<Visit>;
}

/** A call under way. */
export interface Visit {
  /** It was answered. */
  answered(answer: Answer): void;
  /** No answer came. */
  lost(): void;
}

/** What of an answer says how the service is doing. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Calls of a kind take about as long as each other; undefined: how long this one took tells nothing. */
  readonly kind?: string | undefined;
  /** The service wants all of this user's calls to wait so long, ms. */
  readonly pauseMs?: number;
}

/** The application users of an environment. */
export interface Pool {
  /** The user of a lane: always the same; without a lane the one that has most room. */
  callerOf(lane: string | undefined): Caller;
  readonly callers: readonly Caller[];
  /** Calls worth having under way at once, of all users. */
  readonly parallel: number;
  close(): void;
}

/** What a pool is told of waits and asked for. */
export interface PoolOptions {
  readonly tokens: readonly Token[];
  readonly windowSeconds: number;
  /** Seconds spent waiting because the service wants it. */
  readonly waited: (seconds: number) => void;
}

/** Opens a pool with one caller for each token. */
export function openPool({ tokens, windowSeconds, waited }: PoolOptions): Pool {
  const callers = tokens.map((token) => new QueuedCaller(token, windowSeconds, waited));
  return {
    callers,
    callerOf(lane) {
      if (lane !== undefined) return callers[hash(lane) % callers.length] as QueuedCaller;
      return callers.reduce((best, each) => (each.pressure < best.pressure ? each : best));
    },
    get parallel() {
      return callers.reduce((sum, { calls }) => sum + calls, 0);
    },
    close: () => callers.forEach((caller) => caller.close()),
  };
}

function hash(text: string): number {
  let value = 0;
  for (let at = 0; at < text.length; at += 1) value = (value * 31 + text.charCodeAt(at)) >>> 0;
  return value;
}

interface Waiting {
  readonly api: string;
  readonly mayLeave: MayLeave;
  readonly go: (visit: Visit) => void;
  readonly refuse: (error: Error) => void;
}

/** Calls of one user, in the order they come; each goes when degree, budget and pauses let it. */
class QueuedCaller implements Caller {
  readonly token: Token;
  readonly #budget;
  readonly #degree = openDegree();
  readonly #waited: (seconds: number) => void;
  #queue: Waiting[] = [];
  #underWay = 0;
  #pausedUntil = 0;
  /** Since when calls are held back because the service wants it. */
  #heldSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(token: Token, windowSeconds: number, waited: (seconds: number) => void) {
    this.token = token;
    this.#budget = openBudget(windowSeconds);
    this.#waited = waited;
  }

  get calls(): number {
    return this.#degree.calls;
  }

  /** How much there is to do for what goes at once, and how much of its limits is used. */
  get pressure(): number {
    const now = performance.now();
    const paused = now < this.#pausedUntil || this.#heldSince !== undefined ? 1000 : 0;
    const busy = (this.#underWay + this.#queue.length) / this.calls;
    return paused + busy + this.#budget.used(now);
  }

  enter(api: string, mayLeave: MayLeave = always): Promise<Visit> {
    return new Promise((go, refuse) => {
      this.#queue.push({ api, mayLeave, go, refuse });
      this.#pump();
    });
  }

  close(): void {
    this.#closed = true;
    this.#pump();
  }

  #pump(): void {
    clearTimeout(this.#timer);
    this.#dismiss();
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const now = performance.now();
      const waitMs = Math.max(this.#pausedUntil - now, this.#budget.waitMs(now, next.api));
      if (waitMs > 0) {
        // What is left changes with each answer; a timer alone may sleep too long.
        this.#timer = setTimeout(() => this.#pump(), Math.min(waitMs + 1, 1000));
        this.#heldSince ??= now;
        return;
      }
      if (this.#heldSince !== undefined) this.#waited((now - this.#heldSince) / 1000);
      this.#heldSince = undefined;
      if (this.#underWay >= this.#degree.calls) return;
      this.#queue.shift();
      next.go(this.#visit(next.api, now));
    }
  }

  /** Calls that may not leave wait for nothing. */
  #dismiss(): void {
    const stays = ({ mayLeave }: Waiting): boolean => !this.#closed && mayLeave();
    if (this.#queue.every(stays)) return;
    const left = Map.groupBy(this.#queue, stays);
    this.#queue = left.get(true) ?? [];
    const closed = new CutoverError("SINK_UNAVAILABLE", "Dynamics: the connection was closed.");
    const why = this.#closed ? closed : notLeft("Dynamics");
    for (const { refuse } of left.get(false) ?? []) refuse(why);
  }

  #visit(api: string, begun: number): Visit {
    this.#underWay += 1;
    this.#budget.goes(api);
    let open = true;
    const end = (headers: Readonly<Record<string, string>>): number => {
      const now = performance.now();
      if (open) {
        open = false;
        this.#underWay -= 1;
        this.#budget.ended(api, now, headers, now - begun);
      }
      return now;
    };
    return {
      answered: ({ status, headers, kind, pauseMs = 0 }) => {
        const full = this.#queue.length > 0 || this.#underWay >= this.#degree.calls;
        const now = end(headers);
        this.#degree.recommended(Number(headers["x-ms-dop-hint"]));
        if (pauseMs > 0) this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
        if (pauseMs > 0 || status >= 502) this.#degree.busy(now);
        else this.#degree.answered(kind, now - begun, full);
        this.#pump();
      },
      lost: () => {
        this.#degree.busy(end({}));
        this.#pump();
      },
    };
  }
}
