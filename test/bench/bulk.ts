import { cpuSeconds, machine } from "./machine.ts";
import { countsOf, openRoad, type Road, stackOf } from "./road.ts";
import { loadAlone } from "./simulator-alone.ts";

/**
 * The bulk path with the org's limits off: from the source topics to the last settled outcome, and
 * the org alone fed the same rows as CSV by raw HTTP, which must not be the bottleneck. The source
 * is left out: polled over HTTP it feeds fewer rows a second than the load takes.
 */
export async function bench(args: Record<string, string>): Promise<object> {
  const cases = Number(args["cases"] ?? 100_000);
  const sizes = {
    accounts: Number(args["accounts"] ?? Math.ceil(cases / 20)),
    contacts: Number(args["contacts"] ?? Math.ceil(cases / 5)),
    cases,
  };
  const rows = sizes.accounts + sizes.contacts + sizes.cases;
  const before = machine();
  const lanes = Number(args["lanes"] ?? 5);
  const bulkFrom = Math.min(2000, ...Object.values(sizes).filter((count) => count > 0));
  const road = await openRoad({ limits: "off", stack: await stackOf(args), lanes, bulkFrom });
  try {
    await road.seed(sizes);
    const { seconds, waves } = await road.settle();
    const loaded = await countsOf(road.salesforce);
    const peaks = { ...road.supervisor.peakRss(), salesforce: road.salesforce.child.peakRss() };
    const calls = await road.calls();
    const cpu = cpuOf(road, rows);
    await road.supervisor.stop();
    const simulatorAlone = await loadAlone(road);
    return {
      machine: before,
      sizes,
      endToEnd: {
        from: "committed source records",
        to: "settled outcomes",
        rows,
        loaded,
        seconds,
        rowsPerSecond: Math.round(rows / seconds),
        wavesSeconds: waves,
        calls,
        cpuMicrosecondsPerRow: cpu,
        peakRssMb: megabytes(peaks),
      },
      simulatorAlone,
    };
  } finally {
    await road.close();
  }
}

/** What a row has cost each process, its start included. */
function cpuOf({ supervisor, salesforce }: Road, rows: number): Record<string, number> {
  const pids = Object.entries(supervisor.processes()).map(([name, { pid }]) => [name, Number(pid)]);
  pids.push(["salesforce", salesforce.child.process.pid as number]);
  return Object.fromEntries(
    pids.map(([name, pid]) => [name, Math.round((cpuSeconds(Number(pid)) * 1e6) / rows)]),
  );
}

function megabytes(bytes: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(bytes).map(([name, size]) => [name, Math.round(size / 1024 / 1024)]),
  );
}
