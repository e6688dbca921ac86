import { deletedBetween } from "../dml/recycle-bin.ts";
import { idOf } from "../store/ids.ts";
import type { Row } from "../store/object-rows.ts";
import { ApiError } from "./api-error.ts";
import { type Call, ok, type Route } from "./call.ts";
import { objectOf } from "./describe-routes.ts";

const keptMs = 30 * 86_400_000;

function spanOf(call: Call): { from: number; to: number } {
  const at = (name: string): number => Date.parse(call.query.get(name) ?? "");
  const span = { from: at("start"), to: at("end") };
  if (span.from < span.to) return span;
  throw new ApiError(400, "INVALID_REPLICATION_DATE", "startDate must be before endDate");
}

function changed(call: Call): Row[] {
  const rows = call.org.rows(objectOf(call).name);
  return [...rows.walk({ withDeleted: false, ...spanOf(call) })];
}

function deleted(call: Call): { id: string; deletedDate: string }[] {
  const { from, to } = spanOf(call);
  const object = objectOf(call);
  return deletedBetween(call.org, object.name, from, to).map(({ n, at }) => ({
    id: idOf(object.keyPrefix, n),
    deletedDate: text(at),
  }));
}

const text = (at: number): string => new Date(at).toISOString().replace("Z", "+0000");

/** What changed and what was deleted in a span of time. */
export const changesRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/sobjects/:object/updated",
    handle: (call) =>
      ok({
        ids: changed(call).map((row) => row.id),
        latestDateCovered: text(spanOf(call).to),
      }),
  },
  {
    method: "GET",
    path: "/sobjects/:object/deleted",
    handle: (call) =>
      ok({
        deletedRecords: deleted(call),
        earliestDateAvailable: text(call.org.clock.now() - keptMs),
        latestDateCovered: text(spanOf(call).to),
      }),
  },
];
