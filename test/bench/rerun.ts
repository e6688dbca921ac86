import { machine } from "./machine.ts";
import { countsOf, openRoad, stackOf } from "./road.ts";

/**
 * The same rows once more: said again to the migration that loaded them, and loaded by a migration
 * that knows nothing of the first one into the org that has them all. Neither creates a row.
 */
export async function bench(args: Record<string, string>): Promise<object> {
  const cases = Number(args["cases"] ?? 100_000);
  const sizes = { accounts: Math.ceil(cases / 20), contacts: Math.ceil(cases / 5), cases };
  const before = machine();
  const stack = await stackOf(args);
  const options = { limits: "off", stack, lanes: Number(args["lanes"] ?? 5) } as const;
  const first = await openRoad(options);
  try {
    await first.seed(sizes);
    const load = await first.settle();
    const loaded = await countsOf(first.salesforce);
    const loadCalls = await first.calls();
    await first.seed(sizes);
    const again = await first.settle();
    const saidAgain = {
      seconds: again.seconds,
      created: created(loaded, await countsOf(first.salesforce)),
      calls: await first.calls(),
    };
    await first.supervisor.stop();
    const second = await openRoad({ ...options, before: first });
    await second.seed(sizes);
    const anew = await second.settle();
    const loadedAnew = {
      seconds: anew.seconds,
      created: created(loaded, await countsOf(first.salesforce)),
      calls: await second.calls(),
    };
    await second.close();
    return {
      machine: before,
      sizes,
      load: { seconds: load.seconds, loaded, calls: loadCalls },
      saidAgain,
      loadedAnew,
    };
  } finally {
    await first.close();
  }
}

function created(before: Record<string, number>, now: Record<string, number>): number {
  return Object.entries(now).reduce((sum, [name, rows]) => sum + rows - (before[name] ?? 0), 0);
}
