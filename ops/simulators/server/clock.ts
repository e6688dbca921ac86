/** The time a simulator lives in: real time plus an offset that the admin port may move. */
export interface Clock {
  /** Now, in milliseconds since 1970. */
  now(): number;
  /** How far this clock stands from the machine's, in milliseconds. */
  offsetMs(): number;
  /** Moves the clock by so many milliseconds; negative values move it back. */
  advance(ms: number): void;
  /** Moves the clock to a moment given in milliseconds since 1970. */
  setTo(at: number): void;
}

/** A clock that goes on running from `startAt` (or from an offset kept from an earlier start); every move is told to `onMove`. */
export function virtualClock(
  options: { startAt?: number; offsetMs?: number; onMove?: (offsetMs: number) => void } = {},
): Clock {
  let offset =
    options.startAt === undefined ? (options.offsetMs ?? 0) : options.startAt - Date.now();
  const move = (next: number): void => {
    offset = next;
    options.onMove?.(offset);
  };
  return {
    now: () => Date.now() + offset,
    offsetMs: () => offset,
    advance: (ms) => move(offset + ms),
    setTo: (at) => move(at - Date.now()),
  };
}
