import { Decimal } from "decimal.js";
import type { LineItem, MergedLine, Money } from "../core/generated/records.ts";
import { compareIds } from "./compose.ts";
import { exactSum } from "./exact-sum.ts";
import { digest } from "./hash.ts";

/** Fields of a merged line, without what every record gets when it is written. */
export type MergedFields = Omit<MergedLine, "meta">;

/** More ids than this are counted but not listed. */
const listedAtMost = 200;

const decimal = /^-?\d+(\.\d+)?$/;
const sums = ["total", "tax", "cost"] as const;

/**
 * The lines of a job, those that differ in quantity and amounts only as one. The sums are exact: a
 * line whose quantity is no number, or that lacks an amount the others have, stays apart.
 */
export function mergedLines(job: string, lines: readonly LineItem[]): readonly MergedFields[] {
  const sorted = [...lines].sort(
    (a, b) => (a.position ?? 0) - (b.position ?? 0) || compareIds(a.id, b.id),
  );
  const groups = Map.groupBy(sorted, (line) => digest([job, ...commonOf(line)]));
  return [...groups].map(([hash, equal]) => mergedOf(`m${hash.slice(0, 24)}`, job, equal));
}

/** What equal lines have in common; a line that cannot be added up has itself. */
function commonOf(line: LineItem): readonly unknown[] {
  const { kind, sku, service_type, description, unit, unit_price, taxable, quantity } = line;
  return [
    ...[kind, sku, service_type, description, unit, taxable],
    ...[unit_price && [new Decimal(unit_price.amount).toFixed(), unit_price.currency]],
    ...sums.map((name) => line[name] && [line[name].currency]),
    quantity === null || decimal.test(quantity) ? quantity === null : line.id,
  ];
}

function mergedOf(id: string, job: string, lines: readonly LineItem[]): MergedFields {
  const [first] = lines as readonly [LineItem, ...LineItem[]];
  const { kind, sku, service_type, description, unit, unit_price, taxable } = first;
  const ids = lines.map((line) => line.id).sort(compareIds);
  const listed = ids.slice(0, listedAtMost);
  return {
    ...{ id, created_at: least(lines, "created_at"), updated_at: latest(lines), created_by: null },
    ...{ active: true, source_url: null, job_id: job },
    ...{ kind, sku, service_type, description, unit, unit_price, taxable },
    position: least(lines, "position"),
    quantity: lines.length === 1 ? first.quantity : exactSum(lines.map((line) => line.quantity)),
    total: moneySum(lines, "total"),
    tax: moneySum(lines, "tax"),
    cost: moneySum(lines, "cost"),
    ...{ lines_count: lines.length, line_ids: listed, custom: [], raw: JSON.stringify(listed) },
  };
}

function moneySum(lines: readonly LineItem[], name: (typeof sums)[number]): Money | null {
  const [first] = lines;
  const amount = exactSum(lines.map((line) => line[name]?.amount));
  return amount === null ? null : { amount, currency: first?.[name]?.currency ?? null };
}

function least(lines: readonly LineItem[], name: "created_at" | "position"): number | null {
  const given = lines.flatMap((line) => line[name] ?? []);
  return given.length === 0 ? null : given.reduce((a, b) => Math.min(a, b));
}

function latest(lines: readonly LineItem[]): number | null {
  const given = lines.flatMap(({ updated_at }) => updated_at ?? []);
  return given.length === 0 ? null : given.reduce((a, b) => Math.max(a, b));
}
