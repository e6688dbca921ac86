import type { SourceEntity } from "../core/source-record.ts";
import { derivedFact } from "./catch-up.ts";
import { nothingDerived } from "./derived.ts";
import type { Session } from "./session.ts";

const rootsATransaction = 1000;
const deriving: readonly SourceEntity[] = ["job", "customer"];

/**
 * Composes what is derived once more where the store was filled under other rules, or lost; what
 * turns out as it was is not written.
 */
export async function deriveAnew(session: Session): Promise<void> {
  const { store, derived } = session.context;
  if ((store.fact(derivedFact) ?? nothingDerived) === derived.rule) return;
  for (const entity of deriving) {
    let after: string | undefined = "";
    while (after !== undefined && !session.signal.aborted) {
      after = await touched(session, entity, after);
    }
  }
}

/** Touches the next roots; undefined behind the last one. */
async function touched(
  session: Session,
  entity: SourceEntity,
  after: string,
): Promise<string | undefined> {
  const { store, derived } = session.context;
  let last: string | undefined;
  await session.queue.done({
    weight: rootsATransaction,
    apply({ roots }) {
      const ids = store.living(entity, after, rootsATransaction);
      for (const id of ids) roots.touch({ entity, id }, true);
      last = ids.length === rootsATransaction ? ids.at(-1) : undefined;
      if (last === undefined && entity === deriving.at(-1)) {
        roots.settle();
        store.setFact(derivedFact, derived.rule);
      }
    },
  });
  return last;
}
