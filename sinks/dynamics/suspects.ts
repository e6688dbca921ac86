import type { ServiceError } from "./errors.ts";
import type { Write } from "./write.ts";

/** Ids remembered at most; the oldest is forgotten first. */
const most = 10_000;

/**
 * Rows that others could not be written with: owners without a role, parents that are gone. Rows that
 * refer to one go by themselves from then on, so that they take nobody with them again.
 */
export class Suspects {
  readonly #ids = new Set<string>();

  /** Whether a row refers to a suspect. */
  has({ payload }: Write): boolean {
    return payload.lookups.some((id) => this.#ids.has(id));
  }

  /** The rows that refer to what an error names; they are suspects from now on. */
  named(writes: readonly Write[], error: ServiceError): readonly Write[] {
    const ids = new Set(error.message.toLowerCase().match(guids) ?? []);
    const named = new Set(
      writes.flatMap(({ payload }) => payload.lookups.filter((id) => ids.has(id.toLowerCase()))),
    );
    for (const id of named) this.#ids.add(id);
    for (const id of this.#ids) {
      if (this.#ids.size <= most) break;
      this.#ids.delete(id);
    }
    return writes.filter(({ payload }) => payload.lookups.some((id) => named.has(id)));
  }

  /** The row was taken: what it refers to is no longer suspect. */
  clear({ payload }: Write): void {
    for (const id of payload.lookups) this.#ids.delete(id);
  }
}

const guids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
