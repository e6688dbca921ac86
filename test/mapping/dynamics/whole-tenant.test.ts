import { Decimal } from "decimal.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LoadRecord } from "../../../pipeline/core/load-record.ts";
import type { SourceEntity, SourceRecord } from "../../../pipeline/core/source-record.ts";
import type { CompiledPlan } from "../../../pipeline/mapping/compile.ts";
import { type Fold, fold } from "../../source/fold.ts";
import { type PolledTenant, polledTenant } from "../../source/polled-tenant.ts";
import { compiledFrom, defaultFolder } from "../default-mappings.ts";
import { dynamicsPlan } from "./mapped-rows.ts";

let tenant: PolledTenant;
let source: Fold;

beforeAll(async () => {
  tenant = await polledTenant("dynamics-tenant", { args: ["--size", "60", "--seed", "3"] });
  const derive = { visits: true, zones: true, mergedLines: true };
  const poller = tenant.poll(tenant.profile(), derive);
  await tenant.said("snapshot_end", tenant.profile().streams.length);
  await tenant.finish();
  await poller.stop();
  source = await fold(tenant);
});

afterAll(() => tenant?.close());

/** Rows by table, and rejected records by their key with the reason, of a tenant with all its realities. */
function mappedTenant({ mappers }: CompiledPlan) {
  const rows = new Map<string, LoadRecord[]>();
  const rejected = new Map<string, string>();
  const version = { run: 1, topic: "t", partition: 0, offset: 1 };
  for (const mapper of [...mappers.values()].flat()) {
    for (const record of source.alive(mapper.entity as SourceEntity).values()) {
      const context = { version, committedAt: 1 };
      const result = mapper.map(record as unknown as SourceRecord, context);
      if (result.kind === "rejected") {
        rejected.set(`${mapper.entity}-${record.id}`, result.error.code);
      } else if (result.kind === "mapped" && result.record.operation === "upsert") {
        rows.set(mapper.object, [...(rows.get(mapper.object) ?? []), result.record]);
      }
    }
  }
  return { rows, rejected };
}

const editions = [{ edition: "enterprise" }, { edition: "professional" }] as const;

test.each(editions)("what is rejected is what Salesforce would reject (%j)", (settings) => {
  const { rejected, rows } = mappedTenant(dynamicsPlan(settings));
  const there = mappedTenant(compiledFrom(defaultFolder, false)).rejected;
  expect(rejected.size).toBeGreaterThan(0);
  expect([...rejected.keys()].filter((key) => !there.has(key))).toEqual([]);
  // Its columns are longer, and its visits have no bounds where they are columns.
  const only = [...there].filter(([key]) => !rejected.has(key));
  const ours = only.filter(([key, code]) => code !== "TEXT_TOO_LONG" && !/^appointment-/.test(key));
  expect(ours).toEqual([]);
  for (const { object } of dynamicsPlan(settings).plan.objects) {
    expect([object, (rows.get(object)?.length ?? 0) > 0]).toEqual([object, true]);
  }
});

test.each(editions)("every choice of every row is an option of its column (%j)", (settings) => {
  const compiled = dynamicsPlan(settings);
  const chosen = new Set<string>();
  for (const [object, records] of mappedTenant(compiled).rows) {
    const choices = (compiled.customFields.get(object) ?? []).filter(({ values }) => values);
    for (const { name, values = [] } of choices) {
      for (const { fields } of records) {
        const labels = String(fields?.[name] ?? "")
          .split(";")
          .filter(Boolean);
        expect(labels.filter((label) => !values.includes(label))).toEqual([]);
        if (labels.length > 0) chosen.add(name);
      }
    }
  }
  expect([...chosen]).toContain("qd_routezone");
  expect([...chosen]).toContain("qd_workorderstatus");
});

test.each(editions)("merged lines add up to what the lines do, job by job (%j)", (settings) => {
  const object = settings.edition === "enterprise" ? "qd_serviceline" : "opportunityproduct";
  const parent = settings.edition === "enterprise" ? "qd_serviceorder" : "opportunityid";
  const sums = (lines: "rows" | "merged") => {
    const rows = mappedTenant(dynamicsPlan({ ...settings, lines })).rows.get(object) ?? [];
    const totals = new Map<string, Decimal>();
    for (const { fields } of rows) {
      const job = String(fields?.[parent]);
      const total = String(fields?.["qd_total"] ?? 0);
      totals.set(job, (totals.get(job) ?? new Decimal(0)).plus(total));
    }
    return new Map([...totals].map(([job, total]) => [job, total.toFixed(2)] as const));
  };
  const [apart, together] = [sums("rows"), sums("merged")];
  expect(apart.size).toBeGreaterThan(100);
  expect([...together].toSorted()).toEqual([...apart].toSorted());
});

test("a job's visits stand in its columns and, whole, in its route data", () => {
  const { rows } = mappedTenant(dynamicsPlan());
  const orders = rows.get("qd_serviceorder") ?? [];
  const visits = orders.flatMap(({ fields }) => {
    const data = JSON.parse(String(fields?.["qd_routedata"] ?? "{}")) as { visits?: unknown[] };
    return data.visits ?? [];
  });
  const ofJobs = new Set(orders.map(({ source_id: id }) => id));
  const there = [...source.alive("appointment").values()].filter((visit) =>
    ofJobs.has(String(visit["job_id"])),
  );
  expect(visits).toHaveLength(there.length);
  expect(visits.length).toBeGreaterThan(50);
});
