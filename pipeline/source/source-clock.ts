/** The server's clock as last heard: watermarks and the finish are moments of it, never of ours. */
export class SourceClock {
  #serverTime = 0;
  #heardAt = 0;

  /** Takes what a reply said. */
  heard({ serverTime }: { readonly serverTime: number }): void {
    this.#serverTime = serverTime;
    this.#heardAt = performance.now();
  }

  /** Never later than the server's clock; 0 before anything was heard. */
  now(): number {
    return this.#serverTime === 0 ? 0 : this.#serverTime + (performance.now() - this.#heardAt);
  }
}
