import type { ControlState } from "../../pipeline/core/control.ts";
import type { Control } from "../../pipeline/core/generated/records.ts";
import { controlRecord } from "../../pipeline/kafka/control.ts";
import type { LoaderStore } from "./loader-store.ts";
import type { Owners } from "./owners.ts";
import type { Plans } from "./plans.ts";

interface Parts {
  readonly plans: Plans;
  readonly store: Pick<LoaderStore, "identity">;
  readonly owners: Owners;
  readonly control: ControlState;
}

/**
 * Records that ended because nobody stood for them, and for whom the confirmed owners name a user by
 * now, are ordered to be said again: an ended version is not in our hands any more. One order per
 * revision of the owners, object and entity, so that a restart orders nothing twice.
 */
export function ordersOfAmendedOwners({ plans, store, owners, control }: Parts): Control[] {
  return plans.ofUsers.flatMap(({ object, entity }) => {
    const name = `owners-${owners.revision}-${object}-${entity}`;
    if (control.orders.has(name)) return [];
    const ids = store.identity
      .unwritten(object)
      .filter(({ topic }) => topic.endsWith(`.${entity}`))
      .filter(({ key }) => typeof owners.confirmed(key) === "string")
      .map(({ sourceId }) => sourceId);
    if (ids.length === 0) return [];
    const order = { entity, ids, why: "owner confirmed", repair: false };
    return [controlRecord("order", name, order, "loader")];
  });
}
