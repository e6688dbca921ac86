import { machine } from "./machine.ts";
import { countsOf, openRoad, type Sizes, stackOf } from "./road.ts";

/** The published model (limits of the org as this project states them), and what it implies. */
const model = { lanes: 5, secondsPerBatch: 15, queueSeconds: 3, megabytesPerSecond: 12.5 };
const jobRows = 10_000;
/** Create, upload, close, one look at its state, two result files. */
const callsPerJob = 6;

/** How close the load comes to what the org's published limits allow. */
export async function bench(args: Record<string, string>): Promise<object> {
  const rows = Number(args["rows"] ?? 100_000);
  const accounts = Math.round(rows * 0.05);
  const contacts = Math.round(rows * 0.15);
  const sizes: Sizes = { accounts, contacts, cases: rows - accounts - contacts };
  const before = machine();
  const lanes = Number(args["lanes"] ?? model.lanes);
  const road = await openRoad({ limits: "published", stack: await stackOf(args), lanes });
  try {
    await road.seed(sizes);
    await road.calls();
    const { seconds, waves } = await road.settle();
    const calls = await road.calls();
    const least = impliedSeconds(sizes);
    const fewest = leastCalls(sizes);
    return {
      machine: before,
      sizes,
      loaded: await countsOf(road.salesforce),
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
function impliedSeconds(sizes: Sizes): number {
  const waves = Object.values(sizes).filter((rows) => rows > 0);
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

function leastCalls(sizes: Sizes): number {
  return Object.values(sizes).reduce(
    (sum, rows) => sum + callsPerJob * Math.ceil(rows / jobRows),
    0,
  );
}

function ratio(value: number, least: number): number {
  return Number((value / least).toFixed(3));
}
