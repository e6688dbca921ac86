import { CutoverError } from "../core/errors.ts";
import type { TransactionalProducer } from "../kafka/producer.ts";
import { failpoint } from "../stage/failpoint.ts";
import { Roots } from "./roots.ts";
import type { Session } from "./session.ts";
import { type Send, Work } from "./work.ts";
import type { WorkItem } from "./work-queue.ts";

/** A stored body of a schema this process has not met: the registry is asked, then the work begins again. */
export class SchemaWanted extends Error {
  readonly fetched: Promise<unknown>;

  constructor(fetched: Promise<unknown>) {
    super("A schema has to be fetched.");
    this.fetched = fetched;
  }
}

const attempts = 5;

/**
 * Commits items: their records and cursors in one Kafka transaction, the store's behind it. The
 * store rolls back whenever Kafka did, or may have: a commit of unknown fate ends the session.
 */
export async function commit(
  session: Session,
  producer: TransactionalProducer,
  items: readonly WorkItem[],
): Promise<number> {
  const { store } = session.context;
  store.begin();
  let work: Work;
  try {
    work = applied(session, items);
    if (work.sends.length > 0) await produced(producer, work.sends);
  } catch (error) {
    store.rollback();
    session.undone();
    if (!(error instanceof SchemaWanted)) throw error;
    await error.fetched;
    return commit(session, producer, items);
  }
  failpoint("poller.committed");
  store.commit();
  session.committed();
  for (const item of items) item.committed?.();
  count(session, work, items);
  return work.sends.length;
}

function applied(session: Session, items: readonly WorkItem[]): Work {
  const work = new Work(session.context);
  const roots = new Roots(work);
  for (const item of items) item.apply({ work, roots });
  roots.settle();
  session.saveRereads(work);
  return work;
}

/** An aborted transaction has written nothing, so the same records are sent once more. */
async function produced(producer: TransactionalProducer, sends: readonly Send[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await producer.transaction((transaction) => {
        for (const { topic, key, value, headers } of sends) {
          transaction.send(topic, key, value, headers);
        }
        failpoint("poller.produced");
      });
      return;
    } catch (error) {
      const aborted = error instanceof CutoverError && error.code === "TRANSACTION_ABORTED";
      if (!aborted || attempt === attempts) throw error;
    }
  }
}

function count(session: Session, work: Work, items: readonly WorkItem[]): void {
  const { metrics } = session.stage;
  for (const [key, count] of work.counts) {
    const [object = "", outcome = "", code = ""] = key.split(" ");
    metrics.records.inc({ stage: "poll", object, outcome }, count);
    if (outcome === "rejected") metrics.rejected.inc({ object, code }, count);
  }
  metrics.batchRows.observe({ stage: "poll" }, work.sends.length);
  const oldest = Math.min(...items.map((item) => item.requestedAt ?? Number.POSITIVE_INFINITY));
  if (Number.isFinite(oldest)) {
    metrics.lagSeconds.set({ stage: "poll" }, (Date.now() - oldest) / 1000);
  }
}
