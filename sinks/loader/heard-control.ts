import type { Control } from "../../pipeline/core/generated/records.ts";
import { controlRecord, type ControlFollower } from "../../pipeline/kafka/control.ts";
import { ordersOfAmendedOwners } from "./amended-owners.ts";
import type { LoaderStore } from "./loader-store.ts";
import type { Owners } from "./owners.ts";
import type { ParkedRows } from "./parking.ts";
import type { Plans } from "./plans.ts";
import type { Sending } from "./sending.ts";
import type { Waves } from "./waves.ts";

interface Parts {
  readonly control: ControlFollower;
  readonly store: LoaderStore;
  readonly plans: Plans;
  readonly owners: Owners;
  readonly waves: Waves;
  readonly parked: ParkedRows;
  readonly sending: Sending;
}

const everyMs = 200;

/** What is said in control, as far as it is the loader's to follow, and what the loader says there. */
export class HeardControl {
  readonly #parts: Parts;
  /** To be said with the next settlement. */
  readonly #events: Control[] = [];
  #lookedAt = 0;
  #polling: Promise<void> = Promise.resolve();
  #error: Error | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Looks at the log beside the loop: an empty look takes as long as a round. Throws what an earlier look met. */
  follow(): void {
    if (this.#error !== undefined) throw this.#error;
    if (performance.now() - this.#lookedAt < everyMs) return;
    const { control, waves, owners, parked, sending } = this.#parts;
    this.#lookedAt = Number.POSITIVE_INFINITY;
    this.#polling = control.poll().then(
      () => {
        this.#lookedAt = performance.now();
      },
      (error: Error) => {
        this.#error = error;
      },
    );
    waves.refresh(control.state);
    if (owners.refresh(control.state)) this.#ownersChanged();
    const retry = control.state.get("retry_parked", "loader")?.request;
    const retried = control.state.get("parked_retried", "loader")?.request;
    if (retry !== undefined && retry !== retried) parked.retryAll(retry);
    sending.paused = control.state.get("pause", "migration")?.paused === true;
  }

  #ownersChanged(): void {
    const { store, plans, owners, control, parked } = this.#parts;
    parked.wakeOwners();
    this.#events.push(...ordersOfAmendedOwners({ store, plans, owners, control: control.state }));
  }

  /** What is to be said, once. */
  toSay(): readonly Control[] {
    const retried = this.#parts.parked.retried();
    const events = this.#events.splice(0);
    if (retried === undefined) return events;
    return [...events, controlRecord("parked_retried", "loader", { request: retried }, "loader")];
  }

  /** Resolves when no look is under way. */
  async ended(): Promise<void> {
    await this.#polling;
  }
}
