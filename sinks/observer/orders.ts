import type { ControlEvent, ControlState, ControlValues } from "../../pipeline/core/control.ts";

/** A sweep somebody asked for. */
export type SweepOrder = ControlValues["sweep"] & { readonly name: string };

/** Keys somebody asked to be read once more. */
export type RecheckOrder = ControlValues["recheck"] & { readonly name: string };

/** What control asks of the observer and nobody has answered. */
export class Orders {
  readonly #sweeps = new Map<string, SweepOrder>();
  readonly #rechecks = new Map<string, RecheckOrder>();

  constructor(state: ControlState) {
    for (const [name, value] of state.all("sweep")) {
      if (state.get("sweep_done", name) === undefined) this.#sweeps.set(name, { ...value, name });
    }
    for (const [name, value] of state.all("recheck")) {
      if (state.get("recheck_done", name) === undefined) {
        this.#rechecks.set(name, { ...value, name });
      }
    }
  }

  /** Takes what has been said since. */
  take(events: readonly ControlEvent[]): void {
    for (const { kind, name, value } of events) {
      if (kind === "sweep") {
        this.#sweeps.set(name, { ...(value as ControlValues["sweep"]), name });
      }
      if (kind === "recheck") {
        this.#rechecks.set(name, { ...(value as ControlValues["recheck"]), name });
      }
    }
  }

  nextSweep(): SweepOrder | undefined {
    return this.#sweeps.values().next().value;
  }

  nextRecheck(): RecheckOrder | undefined {
    return this.#rechecks.values().next().value;
  }

  endSweep(name: string): void {
    this.#sweeps.delete(name);
  }

  endRecheck(name: string): void {
    this.#rechecks.delete(name);
  }
}
