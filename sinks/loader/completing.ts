import { randomUUID } from "node:crypto";
import type { Control, Identity } from "../../pipeline/core/generated/records.ts";
import { controlRecord } from "../../pipeline/kafka/control.ts";
import { isAlive, type KnownRow } from "./identity-table.ts";
import type { LoaderStore } from "./loader-store.ts";
import { rowId } from "./taken.ts";

type Named = { readonly sourceId: string; readonly topic: string };

/**
 * Rows that were loaded without what their records name, because it was deleted, and that is there
 * (again): of two records that come back, either may come first. They are ordered to be said again, in
 * the transaction that makes it known.
 */
export class Completing {
  readonly #identity: LoaderStore["identity"];
  readonly #named = new Map<string, Set<string>>();

  constructor({ identity }: Pick<LoaderStore, "identity">) {
    this.#identity = identity;
  }

  /** A row's identity was put; `before` is what was known of it. */
  put(now: Identity, before: KnownRow | undefined): void {
    const row = this.#identity.get(rowId(now.object, now.key));
    if (!isAlive(row)) return;
    if (!isAlive(before)) {
      for (const each of this.#identity.loadedWithout(rowId(now.object, now.key))) this.#name(each);
    }
    const there = row.cleared.some(({ object, key }) =>
      isAlive(this.#identity.get(rowId(object, key))),
    );
    if (there) this.#name(row);
  }

  #name({ sourceId, topic }: Named): void {
    const entity = topic.slice(topic.lastIndexOf(".") + 1);
    const ids = this.#named.get(entity) ?? new Set();
    this.#named.set(entity, ids.add(sourceId));
  }

  /** One order for each entity. */
  orders(): Control[] {
    return [...this.#named].map(([entity, ids]) => {
      const order = { entity, ids: [...ids], why: "what it names is there again", repair: true };
      return controlRecord("order", `again-${randomUUID()}`, order, "loader");
    });
  }
}
