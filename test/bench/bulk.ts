import { benchedOf, countsOf } from "./benched.ts";
import { cpuSeconds, machine } from "./machine.ts";
import { productCalls } from "./product-calls.ts";
import { openRoad, progress, type Road, stackOf } from "./road.ts";
import { loadAlone } from "./simulator-alone.ts";
import { rowsByObject, rowsOf, sizesOf } from "./sizes.ts";

/**
 * The bulk path with the destination's limits off: from the source topics to the last settled outcome,
 * and the simulator alone fed the same rows by raw HTTP, which must not be the bottleneck. The source
 * is left out: polled over HTTP it feeds fewer rows a second than the load takes.
 */
export async function bench(args: Record<string, string>): Promise<object> {
  const benched = benchedOf(args);
  const sizes = sizesOf(args, benched);
  const rows = rowsOf(benched, sizes);
  const before = machine();
  const road = await openRoad({
    ...{ benched, limits: "off", stack: await stackOf(args) },
    set: {
      loader: {
        lanes: Number(args["lanes"] ?? 5),
        bulk_threshold: Math.min(2000, ...Object.values(rowsByObject(benched, sizes))),
      },
      // On a busy machine a call may take long, and a lost reply would be asked for.
      ...(benched.kind === "dynamics" ? { destination: { timeout_seconds: 120 } } : {}),
    },
  });
  try {
    await road.seed(sizes);
    progress("seeded");
    await road.calls();
    const { seconds, waves } = await road.settle();
    const cpu = cpuOf(road);
    const peaks = {
      ...road.supervisor.peakRss(),
      [benched.kind]: road.destination.child.peakRss(),
    };
    const calls = await road.calls();
    const { calls: callsByKind } = await productCalls(road.supervisor);
    const loaded = await countsOf(road.destination, benched);
    progress("counted");
    await road.supervisor.stop();
    progress("stages stopped");
    const simulatorAlone = args["alone"] === "off" ? undefined : await loadAlone(road);
    return {
      machine: before,
      sizes,
      endToEnd: {
        ...{ from: "committed source records", to: "settled outcomes", rows, loaded },
        complete: isComplete(loaded, rowsByObject(benched, sizes)),
        seconds,
        rowsPerSecond: Math.round(rows / seconds),
        wavesSeconds: waves,
        ...{ calls, callsByKind },
        cpuSeconds: cpu,
        cpuMicrosecondsPerRow: mapped(cpu, (used) => Math.round((used * 1e6) / rows)),
        peakRssMb: mapped(peaks, (bytes) => Math.round(bytes / 1024 / 1024)),
      },
      simulatorAlone,
    };
  } finally {
    await road.close();
  }
}

/** Seconds each process has used, its start included. */
function cpuOf({ supervisor, destination, benched }: Road): Record<string, number> {
  const pids = Object.entries(supervisor.processes()).map(([name, { pid }]) => [name, Number(pid)]);
  pids.push([benched.kind, destination.child.process.pid as number]);
  return Object.fromEntries(pids.map(([name, pid]) => [name, cpuSeconds(Number(pid))]));
}

/** Whether every row has arrived. */
export function isComplete(
  loaded: Readonly<Record<string, number>>,
  wanted: Readonly<Record<string, number>>,
): boolean {
  return Object.entries(wanted).every(([name, rows]) => loaded[name] === rows);
}

function mapped(
  values: Readonly<Record<string, number>>,
  to: (value: number) => number,
): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, to(value)]));
}
