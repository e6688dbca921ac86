/** Rows a second from which waiting makes a bulk job of them: ten seconds bring one of thousands. */
const manyASecond = 500;

/** How fast records come: a moment's average, so that one short poll among full ones changes nothing. */
export class Inflow {
  #rate = 0;
  #at = 0;

  /** So many records came with a poll. */
  took(count: number, now: number): void {
    this.#rate = this.#rateAt(now) + count;
    this.#at = now;
  }

  /** Whether so many are coming that rows should wait for one another. */
  isMany(now: number): boolean {
    return this.#rateAt(now) >= manyASecond;
  }

  /** A second ago counts e times less than now: a steady flow's rate comes out as rows a second. */
  #rateAt(now: number): number {
    return this.#rate * Math.exp((this.#at - now) / 1000);
  }
}
