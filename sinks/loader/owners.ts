import type { ControlState } from "../../pipeline/core/control.ts";

/** The confirmed owners: who stands for a technician or user of the source. */
export class Owners {
  #owners: Readonly<Record<string, string>> = {};
  #fallback: string | null = null;
  #revision = -1;

  /** Of the owners taken last. */
  get revision(): number {
    return this.#revision;
  }

  /** Takes the newest confirmed owners; true where they changed. */
  refresh(control: ControlState): boolean {
    const said = control.get("owners", "owners");
    if (said === undefined || said.revision === this.#revision) return false;
    this.#owners = said.owners;
    this.#fallback = said.fallback;
    this.#revision = said.revision;
    return true;
  }

  /**
   * The destination user of a source key; null stands for the fallback owner. Undefined: nobody has
   * said, and the record waits. `default`: there is no fallback, so the destination decides.
   */
  resolve(key: string | null): string | undefined | { readonly default: true } {
    if (key === null) return this.#fallback ?? { default: true };
    return (
      (Object.hasOwn(this.#owners, key) ? this.#owners[key] : undefined) ??
      this.#fallback ??
      undefined
    );
  }

  /**
   * The user confirmed for a source key itself: null where nobody was found for it, which a confirmed
   * fallback owner says; undefined while nobody has said.
   */
  confirmed(key: string): string | null | undefined {
    if (Object.hasOwn(this.#owners, key)) return this.#owners[key];
    return this.#fallback === null ? undefined : null;
  }
}
