import type { Org } from "../org.ts";
import { usedStorage } from "../store/storage.ts";
import { ApiError } from "./api-error.ts";
import { ok, type Route } from "./call.ts";

const unused: Readonly<Record<string, number>> = {
  ConcurrentAsyncGetReportInstances: 200,
  ConcurrentSyncReportRuns: 20,
  DailyAsyncApexExecutions: 250_000,
  DailyDeliveredPlatformEvents: 10_000,
  DailyDurableStreamingApiEvents: 10_000,
  DailyGenericStreamingApiEvents: 10_000,
  DailyStreamingApiEvents: 10_000,
  DailyWorkflowEmails: 1_000,
  DurableStreamingApiConcurrentClients: 20,
  HourlyAsyncReportRuns: 1_200,
  HourlyDashboardRefreshes: 200,
  HourlyODataCallout: 20_000,
  HourlyPublishedPlatformEvents: 50_000,
  HourlySyncReportRuns: 500,
  HourlyTimeBasedWorkflow: 1_000,
  MassEmail: 5_000,
  PermissionSets: 1_500,
  SingleEmail: 5_000,
  StreamingApiConcurrentClients: 20,
};

/** Calls a day: the edition's base and 1,000 for each active user, unless the org says otherwise. */
export function apiCallLimit(org: Org): number {
  const set = org.settings.current().limits.DailyApiRequests;
  return set ?? 100_000 + 1_000 * activeUsers(org.whole);
}

const counted = new WeakMap<Org, { changes: number; active: number }>();

/** Counted anew only when a user has changed: every call asks. */
function activeUsers(org: Org): number {
  const users = org.rows("User");
  const known = counted.get(org);
  if (known?.changes === users.changes()) return known.active;
  const rows = [...users.walk({ withDeleted: false })];
  const active = rows.filter(({ values }) => values["IsActive"] === true).length;
  counted.set(org, { changes: users.changes(), active });
  return active;
}

/** Counts one API call and refuses it when the day's calls are used up; returns the usage header. */
export function countCall(org: Org): Record<string, string> {
  const max = apiCallLimit(org);
  const used = org.usage.lastDay("calls");
  if (org.settings.current().limits.enforced && used >= max) {
    throw new ApiError(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
  }
  org.usage.add("calls");
  return { "sforce-limit-info": `api-usage=${used + 1}/${max}` };
}

function limitsOf(org: Org): Record<string, object> {
  const { limits } = org.settings.current();
  const sets = org.rows("PermissionSet").count();
  const { dataMB, fileMB } = usedStorage(org.whole);
  const left = (max: number, used: number): object => ({
    Max: max,
    Remaining: Math.max(0, max - used),
  });
  const entries: [string, object][] = Object.entries(unused).map(([name, max]) => [
    name,
    left(max, 0),
  ]);
  entries.push(
    ["PermissionSets", { ...left(1_500, sets), CreateCustom: left(1_000, sets) }],
    ["DailyApiRequests", left(apiCallLimit(org), org.usage.lastDay("calls"))],
    ["DailyBulkApiBatches", left(limits.DailyBulkApiBatches, org.usage.lastDay("batches"))],
    [
      "DailyBulkV2QueryFileStorageMB",
      left(limits.DailyBulkV2QueryFileStorageMB, Math.ceil(org.usage.lastDay("query_bytes") / 1e6)),
    ],
    ["DailyBulkV2QueryJobs", left(limits.DailyBulkV2QueryJobs, org.usage.lastDay("query_jobs"))],
    ["DataStorageMB", left(limits.DataStorageMB, Math.ceil(dataMB))],
    ["FileStorageMB", left(limits.FileStorageMB, Math.ceil(fileMB))],
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `/limits` and `/limits/recordCount`. */
export const limitRoutes: readonly Route[] = [
  { method: "GET", path: "/limits", handle: ({ org }) => ok(limitsOf(org)) },
  {
    method: "GET",
    path: "/limits/recordCount",
    handle({ org, query }) {
      const asked = (query.get("sObjects") ?? "").split(",").filter(Boolean);
      const names = asked.length > 0 ? asked : org.schema.objects.map((object) => object.name);
      const sObjects = names.flatMap((name) => {
        const object = org.schema.find(name.trim());
        const count = object === undefined ? 0 : org.rows(object.name).count();
        return object === undefined || count === 0 ? [] : [{ count, name: object.name }];
      });
      return ok({ sObjects });
    },
  },
];
