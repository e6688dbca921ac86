import type { RowResult, SinkGroup } from "../sink.ts";

/** What became of one row of a record. */
export type PartResult = RowResult;

/** Puts the results of a record's rows together. */
export interface PartResults {
  add(key: string, part: number, result: PartResult): void;
  /**
   * One result per key. A record that was inserted in part only has none: whoever asks finds what is
   * there and mends it. A write that may be repeated is refused when one of its rows is.
   */
  all(): Iterable<[string, RowResult]>;
}

/** Collects results of a group's rows. */
export function partResults(group: SinkGroup): PartResults {
  const wanted = new Map<string, number>();
  const varies = group.plan.fields.some((field) => field.perRow === true);
  if (varies) for (const row of group.rows) wanted.set(row.key, countOf(group, row));
  const found = new Map<string, PartResult[]>();
  return {
    add(key, part, result) {
      const parts = found.get(key);
      if (parts === undefined) {
        const fresh: PartResult[] = [];
        fresh[part - 1] = result;
        found.set(key, fresh);
      } else parts[part - 1] = result;
    },
    *all() {
      for (const [key, parts] of found) {
        const whole = together(group, parts, wanted.get(key) ?? 1);
        if (whole !== undefined) yield [key, whole];
      }
    },
  };
}

function countOf({ operation }: SinkGroup, row: SinkGroup["rows"][number]): number {
  return operation === "delete" ? 1 + (row.moreIds ?? []).length : (row.rows?.length ?? 1);
}

function together(
  { operation }: SinkGroup,
  parts: readonly (PartResult | undefined)[],
  wanted: number,
): RowResult | undefined {
  const [first] = parts;
  if (wanted === 1) return first;
  const there = parts.filter((part) => part !== undefined);
  const refused = there.find((part) => part.kind === "refused");
  if (refused !== undefined) {
    const all = there.length === wanted && there.every((part) => part.kind === "refused");
    return all || operation !== "insert" ? refused : undefined;
  }
  if (there.length < wanted || first === undefined || first.kind === "refused") return undefined;
  const moreIds = there.slice(1).map(({ destinationId }) => destinationId as string);
  return { ...first, moreIds };
}
