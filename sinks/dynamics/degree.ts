/** How many calls of a user go at once. */
export interface Degree {
  /** At least 1. */
  readonly calls: number;
  /** The service recommends so many. */
  recommended(calls: number): void;
  /**
   * A call of a kind was answered after so long (undefined: one whose time tells nothing); `full`: as many
   * as may were under way.
   */
  answered(kind: string | undefined, tookMs: number, full: boolean): void;
  /** The service is busy: it refused, or did not answer. */
  busy(now: number): void;
}

/** The service allows 52 at once; a few stay free for other programs of the same user. */
const most = 48;
/** Answers sooner than this are no sign of waiting in a queue, ms. */
const quickMs = 1000;
/** So many times the quickest answer of its kind is. */
const jump = 3;
const cutApartMs = 1000;

/**
 * Begins with what the service recommends and doubles in each round of quick answers until one comes
 * late or is refused; from then on one more for each round, and half as many when it is busy.
 */
export function openDegree(): Degree {
  let calls = 4;
  let doubling = true;
  let heard = false;
  let cutAt = Number.NEGATIVE_INFINITY;
  const quickest = new Map<string, number>();
  const cut = (now: number, factor: number): void => {
    doubling = false;
    if (now - cutAt < cutApartMs) return;
    cutAt = now;
    calls = Math.max(1, calls * factor);
  };
  const isLate = (kind: string, tookMs: number): boolean => {
    const best = Math.min(quickest.get(kind) ?? Number.POSITIVE_INFINITY, tookMs);
    // What was quick once may not be possible any more.
    quickest.set(kind, best * 1.001);
    return tookMs > quickMs && tookMs > jump * best;
  };
  return {
    get calls() {
      return Math.floor(calls);
    },
    recommended(said) {
      if (heard || !(said >= 1)) return;
      heard = true;
      calls = Math.min(most, said);
    },
    answered(kind, tookMs, full) {
      if (kind !== undefined && isLate(kind, tookMs)) cut(performance.now(), 0.75);
      else if (full) calls = Math.min(most, calls + (doubling ? 1 : 1 / calls));
    },
    busy: (now) => cut(now, 0.5),
  };
}
