/**
 * The migration's control log: what each kind's `value` holds. Readers fold the log from its
 * beginning; the newest event of a (kind, name) wins unless a kind says otherwise.
 */
export interface ControlValues {
  /** name `run`. A new approval or a rollback raises the number. */
  run: { run: number };
  /** name `plan`. The confirmed plan. */
  plan: { hash: string };
  /** name = gate: confirm, preflight, sample, approve. Open for the plan it names. */
  gate: { plan: string; passed: boolean };
  /** name `owners`. Source key of technician or user → destination user id. */
  owners: { revision: number; owners: Record<string, string>; fallback: string | null };
  /** name `load`. Objects the loader may load now; absent objects wait for their wave. */
  wave: { objects: string[] };
  /** name `wave-<n>`: end of each load topic when the wave's source streams had ended. */
  fence: { topics: Record<string, number[]> };
  /** name `migration`: load, delta, finishing, finished. */
  phase: { phase: "load" | "delta" | "finishing" | "finished" };
  /** name = stream: its snapshot has ended, with so many records. */
  snapshot_end: { stream: string; entity: string; records: number };
  /** name = order id: write these again. All kept, not only the newest. */
  order: { entity: string; ids: string[]; why: string; repair: boolean };
  /** name `finish`: T, a moment of the source's clock, epoch ms. */
  finish: { at: number };
  /** name `poller`: polling is over; everything up to T is in the source topics. */
  poll_fence: { at: number };
  /** name `loader`: at the finish fence every parked record is tried once more. */
  retry_parked: { request: string };
  /** name `migration`: the loader sends nothing new until told otherwise. */
  pause: { paused: boolean };
  /** name `loader`: every record parked at that request has been tried once more. */
  parked_retried: { request: string };
  /** name = sweep id: the observer reads every row of these objects, or of all; answered by sweep_done. */
  sweep: { objects?: string[] };
  /** name = sweep id: its rows and its end are in the observed topic. */
  sweep_done: { rows: number };
  /** name = id: the observer asks for these keys once more (rows without one: by id); answered by recheck_done. */
  recheck: { keys: { object: string; key: string; id?: string }[] };
  /** name = request: they have been read. */
  recheck_done: { rows: number };
}

/** A kind of control event. */
export type ControlKind = keyof ControlValues;

/** One event as read. */
export interface ControlEvent<K extends ControlKind = ControlKind> {
  readonly kind: K;
  readonly name: string;
  readonly value: ControlValues[K];
  readonly saidBy: string;
  readonly at: number;
}

/** The fold of the control log up to some offset. */
export class ControlState {
  readonly orders = new Map<string, ControlValues["order"]>();
  readonly #newest = new Map<string, ControlEvent>();

  apply(event: ControlEvent): void {
    this.#newest.set(`${event.kind}|${event.name}`, event);
    if (event.kind === "order") {
      this.orders.set(event.name, event.value as ControlValues["order"]);
    }
  }

  /** The newest value of a kind and name, if anyone said one. */
  get<K extends ControlKind>(kind: K, name: string): ControlValues[K] | undefined {
    return this.#newest.get(`${kind}|${name}`)?.value as ControlValues[K] | undefined;
  }

  /** All newest values of a kind, by name. */
  all<K extends ControlKind>(kind: K): ReadonlyMap<string, ControlValues[K]> {
    const found = new Map<string, ControlValues[K]>();
    for (const event of this.#newest.values()) {
      if (event.kind === kind) found.set(event.name, event.value as ControlValues[K]);
    }
    return found;
  }

  /** Whether a gate was passed for exactly this plan. */
  gatePassed(gate: string, planHash: string): boolean {
    const value = this.get("gate", gate);
    return value?.passed === true && value.plan === planHash;
  }
}
