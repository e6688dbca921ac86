/** One at a time, in the order they came. */
export class Turn<T> {
  readonly #leaving: AbortSignal | undefined;
  #holder: T | undefined;
  readonly #waiting: { readonly of: T; readonly go: () => void }[] = [];

  /** Once all leave (`leaving`), nobody waits any more. */
  constructor(leaving?: AbortSignal) {
    this.#leaving = leaving;
    leaving?.addEventListener("abort", () => {
      for (const { go } of this.#waiting.splice(0)) go();
    });
  }

  /** Resolves when it is its turn, at once where it has it. */
  take(of: T): Promise<void> {
    this.#holder ??= of;
    if (this.#holder === of || this.#leaving?.aborted === true) return Promise.resolve();
    return new Promise((go) => {
      this.#waiting.push({ of, go });
    });
  }

  /** Lets the next one go, where this one had its turn. */
  free(of: T): void {
    if (this.#holder !== of) return;
    const next = this.#waiting.shift();
    this.#holder = next?.of;
    next?.go();
  }
}
