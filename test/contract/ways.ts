import { expect } from "vitest";
import {
  type RowResults,
  resultKey,
  type Sink,
  type SinkGroup,
  type SinkRow,
} from "../../sinks/sink.ts";

/** A way rows reach a destination. Jobs go by the honest sink: lies are told of `send`. */
export type Way = (
  sinks: { readonly sink: Sink; readonly honest: Sink },
  group: SinkGroup,
  /** A row as it may stand there before. */
  before: (row: SinkRow) => SinkRow,
) => Promise<RowResults>;

const together: Way = ({ sink }, group) => sink.send([group]);

const alone: Way = async ({ sink }, group) => {
  const results = new Map();
  for (const row of group.rows) {
    for (const [key, result] of await sink.send([{ ...group, rows: [row] }])) {
      results.set(key, result);
    }
  }
  return results;
};

/** What a job can carry goes by a job, as the loader does it; where there are no jobs, none does. */
const byJob: Way = async ({ sink, honest }, group) => {
  const { plan, operation } = group;
  const { true: fit = [], false: rest = [] } = Object.groupBy(group.rows, (row) =>
    honest.jobs !== undefined && honest.bulkable(plan, operation, row) ? "true" : "false",
  );
  const small = rest.length === 0 ? new Map() : await sink.send([{ ...group, rows: rest }]);
  const { jobs } = honest;
  if (jobs === undefined || fit.length === 0) return small;
  const some = { ...group, rows: fit };
  const id = await jobs.openJob(some);
  await jobs.uploadJob(id, some);
  await expect.poll(async () => (await jobs.jobState(id)).state).toMatch(/done|failed/);
  return new Map([...small, ...(await jobs.jobResults(id, some))]);
};

/** Rows that stand there already are changed. */
const asUpdates: Way = async ({ sink }, group, before) => {
  const { plan, rows } = group;
  const made = await sink.send([{ ...group, rows: rows.map(before) }]);
  const changed = rows.map((row) => {
    const { destinationId = null } = made.get(resultKey(plan.object, row.key)) ?? {};
    return { ...row, destinationId };
  });
  return sink.send([{ plan, operation: "update", rows: changed }]);
};

/** Every way. */
export const ways: Readonly<Record<string, Way>> = {
  "many at once": together,
  "one by one": alone,
  "as updates": asUpdates,
  "by jobs where there are any": byJob,
};
