import type { ControlValues } from "../core/control.ts";
import type { Meta } from "../core/generated/records.ts";
import { type SourceEntity, sourceEntities } from "../core/source-record.ts";
import { deathIn } from "./death.ts";
import type { Session } from "./session.ts";
import type { TransactionWork } from "./work-queue.ts";

type Order = ControlValues["order"];

/**
 * Carries out what `control` orders to be said again, also when polling is over: the stored row is
 * written once more, marked with the order, in the transaction that notes the order as done.
 */
export class Orders {
  readonly #session: Session;
  readonly #open = new Set<string>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** No order waits. */
  get idle(): boolean {
    return this.#open.size === 0;
  }

  take(id: string, order: Order): void {
    if (this.#open.has(id) || this.#session.cursors.orderDone(id)) return;
    this.#open.add(id);
    this.#session.queue
      .done({ weight: order.ids.length, apply: (work) => this.#carryOut(id, order, work) })
      .then(() => this.#open.delete(id), this.#session.fail);
  }

  #carryOut(id: string, order: Order, { work, roots }: TransactionWork): void {
    // Rows of this transaction first: the repeat stands behind everything newer.
    roots.settle();
    const unknown: string[] = [];
    for (const each of order.ids) {
      const entity = order.entity as SourceEntity;
      const stored = sourceEntities.includes(entity) ? work.store.get(entity, each) : undefined;
      if (stored === undefined) {
        unknown.push(each);
        continue;
      }
      const record = work.decode(entity, stored.body);
      const { stream, members } = record["meta"] as Meta;
      const { own, hash, readAt } = stored;
      const version = { entity, id: each, stream, record, own, hash, readAt };
      const life = { death: deathIn(record), members: members as "pending" | "whole" | null };
      work.write({ ...version, ...life, order: { id, repair: order.repair } }, stored);
    }
    if (unknown.length > 0) {
      const { entity } = order;
      this.#session.stage.log.warn({
        event: "order_unknown",
        order: id,
        entity,
        count: unknown.length,
      });
    }
    this.#session.saveCursor(work, id, "orders", { done: true, unknown });
  }
}
