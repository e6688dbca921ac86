import { controlRecord } from "../kafka/control.ts";
import type { Polled } from "./lane.ts";
import type { Session } from "./session.ts";
import type { SourceClock } from "./source-clock.ts";

/** A believed census. */
export interface CensusTaken {
  readonly begun: number;
  /** It left records of which only the next one can say whether they live. */
  readonly open: boolean;
}

/** What a stream has proved; times are the server's. */
export interface Proof {
  /** Begin of the newest full-lookback scan that has ended. */
  full: number;
  /** Believed censuses, oldest first. */
  censuses: CensusTaken[];
}

/**
 * Finish names T, a moment of the source's clock. Nothing is behind when every stream has ended a
 * full scan and its censuses, all begun after T + lookback and the last one without a doubt, no row
 * waits to be read again and every order is done.
 */
export class Finish {
  /** T, once someone has named it. */
  at: number | undefined;
  fenced = false;
  readonly #clock: SourceClock;
  readonly #proofs = new Map<string, Proof>();

  constructor(clock: SourceClock) {
    this.#clock = clock;
  }

  proof(stream: string): Proof {
    let proof = this.#proofs.get(stream);
    if (proof === undefined) {
      proof = { full: 0, censuses: [] };
      this.#proofs.set(stream, proof);
    }
    return proof;
  }

  /** The earliest begin that counts, or undefined while nothing has to be proved or it is too early. */
  #bound({ stream }: Polled): number | undefined {
    if (this.at === undefined || this.fenced) return undefined;
    const bound = this.at + stream.profile.incremental.lookback_window;
    return this.#clock.now() < bound ? undefined : bound;
  }

  wantsFull(polled: Polled): boolean {
    const bound = this.#bound(polled);
    return bound !== undefined && this.proof(polled.name).full < bound;
  }

  wantsCensus(polled: Polled): boolean {
    const bound = this.#bound(polled);
    const census = polled.stream.profile.deletes.census;
    if (bound === undefined || census === undefined) return false;
    const counted = this.proof(polled.name).censuses.filter(({ begun }) => begun >= bound);
    return counted.length < census.confirm || counted.at(-1)?.open === true;
  }

  /** Whether every stream has proved what the finish asks for. */
  proved(polled: readonly Polled[]): boolean {
    return polled.every(
      (each) => this.#bound(each) !== undefined && !this.wantsFull(each) && !this.wantsCensus(each),
    );
  }
}

/**
 * Writes the final fence once everything is proved; it is asked again inside the transaction,
 * because a page before it may have brought a row to be read again. Then polling stops.
 */
export function fenceIfProved(session: Session): boolean {
  const { finish, rereads, orders, polled } = session;
  const ready = (): boolean => finish.proved(polled) && rereads.empty && orders.idle;
  if (!ready()) return false;
  let written = false;
  session.queue
    .done({
      weight: 1,
      apply({ work }) {
        if (!ready()) return;
        const at = finish.at as number;
        session.say(work, controlRecord("poll_fence", "poller", { at }, "poller"));
        written = true;
      },
    })
    .then(() => {
      if (!written) return;
      finish.fenced = true;
      session.endPolling();
      session.stage.log.info({ event: "polling_ended", at: finish.at });
    }, session.fail);
  return true;
}
