/** Rows to be read again, by stream; saved with the cursors, so that a crash forgets none. */
export class Rereads {
  readonly #ids = new Map<string, Set<string>>();
  readonly #changed = new Set<string>();
  readonly #taken = new Set<string>();

  constructor(saved: ReadonlyMap<string, readonly string[]>) {
    for (const [stream, ids] of saved) this.#ids.set(stream, new Set(ids));
  }

  add(stream: string, id: string): void {
    const ids = this.#ids.get(stream) ?? new Set();
    this.#ids.set(stream, ids);
    if (ids.has(id)) return;
    ids.add(id);
    this.#changed.add(stream);
  }

  clear(stream: string, ids: readonly string[]): void {
    for (const id of ids) {
      if (this.#ids.get(stream)?.delete(id) === true) this.#changed.add(stream);
    }
  }

  of(stream: string): readonly string[] {
    return [...(this.#ids.get(stream) ?? [])];
  }

  /** Whether any row still waits. */
  get empty(): boolean {
    return [...this.#ids.values()].every((ids) => ids.size === 0);
  }

  /** Streams whose list has changed since the last call: they are saved in this transaction. */
  takeChanged(): readonly string[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const stream of changed) this.#taken.add(stream);
    return changed;
  }

  /** The transaction that saves what was taken is committed. */
  committed(): void {
    this.#taken.clear();
  }

  /** That transaction is made again: what it was to save is to be saved still. */
  undone(): void {
    for (const stream of this.#taken) this.#changed.add(stream);
    this.#taken.clear();
  }
}
