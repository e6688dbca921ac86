import { benchedOf, countsOf } from "./benched.ts";
import { openRoad, stackOf } from "./road.ts";
import { machine, ratio } from "./machine.ts";
import type { Sizes } from "./sizes.ts";

/** The published model (limits of the org as this project states them), and what it implies. */
const model = { lanes: 5, secondsPerBatch: 15, queueSeconds: 3, megabytesPerSecond: 12.5 };
const jobRows = 10_000;
/** Create, upload, close, one look at its state, two result files. */
const callsPerJob = 6;

/** How close the load comes to what the org's published limits allow. */
export async function salesforceLimits(args: Record<string, string>): Promise<object> {
  const benched = benchedOf(args);
  const rows = Number(args["rows"] ?? 100_000);
  const accounts = Math.round(rows * 0.05);
  const contacts = Math.round(rows * 0.15);
  const orders = rows - accounts - contacts;
  const sizes: Sizes = { accounts, contacts, orders, lines: 0, closed: orders };
  const counts = [accounts, contacts, orders].filter((count) => count > 0);
  const before = machine();
  const loader = { lanes: Number(args["lanes"] ?? model.lanes), bulk_threshold: 2000 };
  const stack = await stackOf(args);
  const road = await openRoad({ benched, limits: "published", stack, set: { loader } });
  try {
    await road.seed(sizes);
    await road.calls();
    const { seconds, waves } = await road.settle();
    const calls = await road.calls();
    const least = impliedSeconds(counts);
    const fewest = leastCalls(counts);
    return {
      machine: before,
      sizes,
      loaded: await countsOf(road.destination, benched),
      model: { ...model, jobRows },
      elapsedSeconds: seconds,
      wavesSeconds: waves,
      limitImpliedSeconds: least,
      elapsedOverImplied: ratio(seconds, least),
      calls,
      minimumCalls: fewest,
      minimumCallsFormula: `${callsPerJob} a job (create, upload, close, one state, two result files), a job per ${jobRows} rows of an object`,
      callsOverMinimum: ratio(calls, fewest),
    };
  } finally {
    await road.close();
  }
}

/** Waves follow one another: each waits in the queue once and then fills the lanes. */
function impliedSeconds(waves: readonly number[]): number {
  return waves.reduce((sum, rows) => sum + model.queueSeconds + busySeconds(rows), 0);
}

function busySeconds(rows: number): number {
  const batches = Math.ceil(rows / jobRows);
  // A batch that is not full takes its share.
  const last = (rows - (batches - 1) * jobRows) / jobRows;
  const full = Math.floor((batches - 1) / model.lanes);
  const rest = batches - full * model.lanes;
  return (full + (rest > 1 ? 1 : last)) * model.secondsPerBatch;
}

function leastCalls(counts: readonly number[]): number {
  return counts.reduce((sum, rows) => sum + callsPerJob * Math.ceil(rows / jobRows), 0);
}
