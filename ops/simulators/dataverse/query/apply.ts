import type { Environment } from "../environment.ts";
import type { TableDef } from "../model.ts";
import { folded } from "../rows/fold.ts";
import type { Row } from "../rows/row.ts";
import { splitOutside } from "../web/address.ts";
import { ApiError, badQuery } from "../web/api-error.ts";
import { candidatesOf } from "./candidates.ts";
import { parseFilter } from "./parse-filter.ts";
import { predicateOf } from "./predicate.ts";
import type { Reading, Source } from "./source.ts";
import { rowSource } from "./row-source.ts";
import type { Scalar } from "./tokens.ts";

const mostRows = 50_000;

interface Aggregate {
  readonly name: string;
  readonly how: string;
  readonly reading: Reading<Row> | undefined;
}

interface Plan {
  filter: string | undefined;
  readonly groups: { readonly name: string; readonly reading: Reading<Row> }[];
  readonly aggregates: Aggregate[];
}

/** Answers `$apply`: an optional filter, then groups and aggregates. */
export function applied(
  env: Environment,
  table: TableDef,
  text: string,
): Record<string, unknown>[] {
  const source = rowSource(env, table);
  const plan = planOf(source, text);
  const filter = plan.filter === undefined ? undefined : parseFilter(plan.filter);
  const fits = filter === undefined ? () => true : predicateOf(filter, source);
  const groups = new Map<string, { keys: Scalar[]; rows: Tally[] }>();
  let seen = 0;
  for (const row of candidatesOf(env, table, filter).after("")) {
    if (!fits(row)) continue;
    seen += 1;
    if (seen > mostRows)
      throw new ApiError(
        400,
        "0x8004E023",
        "The maximum record limit is exceeded. Reduce the number of records.",
      );
    const keys = plan.groups.map(({ reading }) => reading.read(row));
    const name = JSON.stringify(keys.map((key) => (typeof key === "string" ? folded(key) : key)));
    let group = groups.get(name);
    if (group === undefined)
      groups.set(name, (group = { keys, rows: plan.aggregates.map(() => emptyTally()) }));
    for (const [at, aggregate] of plan.aggregates.entries())
      addTo(group.rows[at], aggregate.reading?.read(row) ?? null);
  }
  if (plan.groups.length === 0 && groups.size === 0)
    groups.set("", { keys: [], rows: plan.aggregates.map(() => emptyTally()) });
  return [...groups.values()].map(({ keys, rows }) => resultOf(plan, keys, rows));
}

function planOf(source: Source<Row>, text: string): Plan {
  const plan: Plan = { filter: undefined, groups: [], aggregates: [] };
  for (const step of splitOutside(text, "/")) {
    const match = /^\s*(filter|groupby|aggregate)\s*\((.*)\)\s*$/s.exec(step);
    if (match === null) throw badQuery(`Syntax error in $apply '${text}'.`);
    const inner = match[2] ?? "";
    if (match[1] === "filter") plan.filter = inner;
    else if (match[1] === "aggregate") plan.aggregates.push(...aggregatesOf(source, inner));
    else takeGroups(source, plan, inner);
  }
  return plan;
}

function takeGroups(source: Source<Row>, plan: Plan, text: string): void {
  const [names = "", ...rest] = splitOutside(text, ",");
  const list = /^\s*\((.*)\)\s*$/s.exec(names);
  if (list === null) throw badQuery(`Syntax error in groupby '${text}'.`);
  for (const name of (list[1] ?? "").split(",").map((one) => one.trim())) {
    plan.groups.push({
      name: name.replaceAll("/", "_"),
      reading: source.property(name.split("/")),
    });
  }
  const aggregate = /^\s*aggregate\s*\((.*)\)\s*$/s.exec(rest.join(","));
  if (aggregate !== null) plan.aggregates.push(...aggregatesOf(source, aggregate[1] ?? ""));
}

function aggregatesOf(source: Source<Row>, text: string): Aggregate[] {
  return splitOutside(text, ",").map((part) => {
    const count = /^\s*\$count\s+as\s+(\w+)\s*$/.exec(part);
    if (count !== null) return { name: count[1] ?? "", how: "count", reading: undefined };
    const match = /^\s*([\w/]+)\s+with\s+(sum|average|min|max|countdistinct)\s+as\s+(\w+)\s*$/.exec(
      part,
    );
    if (match === null) throw badQuery(`Syntax error in aggregate '${part}'.`);
    return {
      name: match[3] ?? "",
      how: match[2] ?? "",
      reading: source.property((match[1] ?? "").split("/")),
    };
  });
}

interface Tally {
  count: number;
  /** In ten-thousandths, so that amounts add up exactly. */
  sum: bigint;
  filled: number;
  min: Scalar;
  max: Scalar;
  readonly distinct: Set<Scalar>;
}

function emptyTally(): Tally {
  return { count: 0, sum: 0n, filled: 0, min: null, max: null, distinct: new Set() };
}

function addTo(tally: Tally | undefined, value: Scalar): void {
  if (tally === undefined) return;
  tally.count += 1;
  if (value === null) return;
  tally.filled += 1;
  if (typeof value === "number") tally.sum += BigInt(Math.round(value * 10_000));
  if (tally.min === null || value < tally.min) tally.min = value;
  if (tally.max === null || value > tally.max) tally.max = value;
  tally.distinct.add(typeof value === "string" ? folded(value) : value);
}

function resultOf(
  plan: Plan,
  keys: readonly Scalar[],
  tallies: readonly Tally[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [at, { name }] of plan.groups.entries()) result[name] = keys[at] ?? null;
  for (const [at, { name, how }] of plan.aggregates.entries()) {
    const tally = tallies[at] ?? emptyTally();
    const sum = Number(tally.sum) / 10_000;
    const values: Readonly<Record<string, unknown>> = {
      count: tally.count,
      sum: tally.filled === 0 ? null : sum,
      average: tally.filled === 0 ? null : sum / tally.filled,
      min: tally.min,
      max: tally.max,
      countdistinct: tally.distinct.size,
    };
    result[name] = values[how];
  }
  return result;
}
