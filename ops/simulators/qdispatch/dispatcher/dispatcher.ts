import { type Draw, draw } from "../generate/draw.ts";
import { iso } from "../generate/world.ts";
import * as customers from "./customer-changes.ts";
import type { Desk, Postponed } from "./desk.ts";
import { type Kind, kinds, laterKinds, laterShare } from "./kinds.ts";

/** What the dispatchers have done so far. */
export interface DispatcherState {
  readonly applied: number;
  readonly by_kind: Readonly<Record<string, number>>;
  readonly last_commit_at: string | null;
  /** Changes put off and still to come. */
  readonly postponed: number;
}

/** The seeded list of changes: change n is the same for the same truth and seed. */
export interface Dispatcher {
  /** Applies the next changes in one go; what was put off is done within them where that is possible, or behind them. */
  tick(changes: number): DispatcherState;
  /** Applies the next change alone. */
  step(): void;
  /** Applies what was put off, so that no parent is missing for good. */
  settle(): DispatcherState;
  state(): DispatcherState;
}

interface Kept {
  next: number;
  applied: number;
  byKind: Record<string, number>;
  lastCommitAt: string | null;
  postponed: { due: number; change: Postponed }[];
}

/** How many changes later a postponed one comes. */
const delay = 5;

/** The dispatchers of a tenant; where they stand is kept with the truth. */
export function dispatcherOf(parts: Omit<Desk, "later">): Dispatcher {
  const { meta, ledger, editor, clock, world } = parts;
  const empty: Kept = { next: 0, applied: 0, byKind: {}, lastCommitAt: null, postponed: [] };
  let kept: Kept = JSON.parse(meta.get("dispatcher") ?? JSON.stringify(empty));
  const desk: Desk = {
    ...parts,
    later: (change) => void kept.postponed.push({ due: kept.next + delay, change }),
  };

  const count = (kind: string): void => {
    kept.applied += 1;
    kept.byKind[kind] = (kept.byKind[kind] ?? 0) + 1;
    kept.lastCommitAt = iso(clock.now());
  };

  const doPostponed = (change: Postponed): void => {
    if (change.do === "customer") {
      customers.createCustomer(desk, change.index);
      return count("parent_after_child");
    }
    if (ledger.newest(change.entity, change.id)?.kind !== "alive") return; // deleted meanwhile
    editor.set(change.entity, change.id, change.fields);
    count("job_there_and_back");
  };

  const one = (): void => {
    const of = draw(world.seed, "dispatcher", kept.next);
    kept.next += 1;
    if (kept.postponed[0] !== undefined && kept.postponed[0].due < kept.next) {
      const { change } = kept.postponed.shift() as Kept["postponed"][number];
      return doPostponed(change);
    }
    const name = apply(desk, of);
    if (name !== undefined) count(name);
  };

  const saved = <T>(work: () => T): T => {
    const before = JSON.stringify(kept);
    try {
      return ledger.together(() => {
        const result = work();
        meta.set("dispatcher", JSON.stringify(kept));
        return result;
      });
    } catch (error) {
      kept = JSON.parse(before);
      throw error;
    }
  };

  const drain = (): void => {
    for (const { change } of kept.postponed.splice(0)) doPostponed(change);
  };
  const state = (): DispatcherState => ({
    applied: kept.applied,
    by_kind: { ...kept.byKind },
    last_commit_at: kept.lastCommitAt,
    postponed: kept.postponed.length,
  });
  return {
    tick(changes) {
      saved(() => {
        const wanted = kept.applied + changes;
        // A tenant too empty for any change must not hold us here: each change gets a few attempts.
        for (let tries = 0; kept.applied < wanted && tries < changes * 4; tries++) {
          if (kept.postponed.length >= wanted - kept.applied) drain();
          else one();
        }
        drain();
      });
      return state();
    },
    step: () => saved(one),
    settle() {
      saved(drain);
      return state();
    },
    state,
  };
}

function apply(desk: Desk, of: Draw): string | undefined {
  const later = of.chance("later", laterShare) ? applyOne(desk, of, laterKinds) : undefined;
  return later ?? applyOne(desk, of, kinds);
}

function applyOne(desk: Desk, of: Draw, list: readonly Kind[]): string | undefined {
  let ticket = of.int("kind", 100);
  const at = list.findIndex(([, weight]) => {
    ticket -= weight;
    return ticket < 0;
  });
  // Where no record suits the kind drawn (nothing deleted yet, no line left), the next kind of the list is done.
  for (let nth = 0; nth < list.length; nth++) {
    const [name, , change] = list[(at + nth) % list.length] as Kind;
    if (change(desk, of)) return name;
  }
  return undefined;
}
