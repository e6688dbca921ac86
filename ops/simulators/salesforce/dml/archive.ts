import type { Org } from "../org.ts";
import type { Value, Values } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import type { Row } from "../store/object-rows.ts";

/** How long after its end an event, or after its closing a task, stays out of the archive (contract, section 14). */
const archivedAfterMs = 365 * 86_400_000;

const activities: readonly string[] = ["Event", "Task"];

/** Archives old activities, as a background job of a real org does: they leave `query`, not `queryAll`. Runs when the clock is moved. */
export function archiveOld(org: Org): void {
  const before = new Date(org.clock.now() - archivedAfterMs).toISOString();
  org.database.transaction(() => {
    for (const object of activities) {
      const rows = org.rows(object);
      const old = [...rows.walk({ withDeleted: false })].filter(
        (row) => row.values["IsArchived"] !== true && endOf(row) < before,
      );
      // The stamp stays: nobody changed the row.
      for (const row of old) rows.update(row, row.stamp, { ...row.values, IsArchived: true });
    }
  });
}

/** Whether a row is an activity in the archive, which only `queryAll` sees. */
export function inArchive(object: SObject | undefined, values: Values): boolean {
  return values["IsArchived"] === true && activities.includes(object?.name ?? "");
}

/** When an activity was over; one that is still to be done never is. */
function endOf({ values }: Row): string {
  const end = values["EndDateTime"] ?? (values["IsClosed"] === true ? closing(values) : undefined);
  return typeof end === "string" ? end : "9999";
}

function closing(values: Values): Value {
  return values["ActivityDate"] ?? values["CompletedDateTime"] ?? null;
}
