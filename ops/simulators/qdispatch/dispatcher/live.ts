import type { Dispatcher, DispatcherState } from "./dispatcher.ts";

/** The dispatchers at work on real time. */
export interface Live {
  /** Starts (or changes) the rate of changes per second, for so many seconds or until stopped. */
  start(rate: number, seconds: number | null): void;
  /** Stops and applies what was put off. */
  stop(): DispatcherState;
  rate(): number;
}

const tickMs = 100;

/** A live dispatcher; it stands still until started and never keeps the process alive. */
export function liveDispatcher(dispatcher: Dispatcher): Live {
  let timer: NodeJS.Timeout | undefined;
  let rate = 0;
  let owed = 0;
  let until = Number.POSITIVE_INFINITY;
  let last = 0;

  const stop = (): DispatcherState => {
    clearInterval(timer);
    timer = undefined;
    rate = 0;
    return dispatcher.settle();
  };

  const beat = (): void => {
    const now = performance.now();
    owed += ((Math.min(now, until) - last) / 1000) * rate;
    last = now;
    for (; owed >= 1; owed -= 1) dispatcher.step();
    if (now >= until) stop();
  };

  return {
    start(perSecond, seconds) {
      clearInterval(timer);
      [rate, owed, last] = [perSecond, 0, performance.now()];
      until = seconds === null ? Number.POSITIVE_INFINITY : last + seconds * 1000;
      timer = setInterval(beat, tickMs);
      timer.unref();
    },
    stop,
    rate: () => rate,
  };
}
