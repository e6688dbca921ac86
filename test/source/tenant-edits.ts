import { expect } from "vitest";
import type { SourceEntity } from "../../pipeline/core/source-record.ts";
import { type Fold, fold } from "./fold.ts";
import type { PolledTenant } from "./polled-tenant.ts";

/** Edits a tenant's records by hand, and waits for what becomes of them. */
export function tenantEdits(tenant: () => PolledTenant) {
  return {
    change: (entity: string, id: string, what: object): Promise<{ id: string }> =>
      tenant().call("POST", "change", { entity, id, ...what }),
    create: (entity: string, row: object): Promise<unknown> =>
      tenant().call("POST", "create", { entity, row }),
    /** Waits until the topics say so, and returns them. */
    eventually: async (holds: (found: Fold) => boolean): Promise<Fold> => {
      let found = await fold(tenant());
      await expect
        .poll(
          async () => {
            found = await fold(tenant());
            return holds(found);
          },
          { interval: 200 },
        )
        .toBe(true);
      return found;
    },
  };
}

/** A field of a record's newest version. */
export function value(found: Fold, entity: SourceEntity, id: string, field: string): unknown {
  return found.newest(entity, id)?.[field];
}
