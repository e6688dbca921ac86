import { benchedOf, countsOf } from "./benched.ts";
import { machine } from "./machine.ts";
import { productCalls } from "./product-calls.ts";
import { openRoad, progress, stackOf } from "./road.ts";
import { sizesOf } from "./sizes.ts";

/**
 * The same rows once more: said again to the migration that loaded them, and loaded by a migration
 * that knows nothing of the first one into the destination that has them all. Neither creates a row.
 */
export async function bench(args: Record<string, string>): Promise<object> {
  const benched = benchedOf(args);
  const sizes = sizesOf(args, benched);
  const before = machine();
  const stack = await stackOf(args);
  const loader = { lanes: Number(args["lanes"] ?? 5), bulk_threshold: 2000 };
  const destination = benched.kind === "dynamics" ? { timeout_seconds: 120 } : {};
  const options = { benched, limits: "off", stack, set: { loader, destination } } as const;
  const first = await openRoad(options);
  const counts = () => countsOf(first.destination, benched);
  try {
    await first.seed(sizes);
    await first.calls();
    const load = await first.settle();
    const loadCalls = await first.calls();
    const loaded = await counts();
    progress("loaded");
    await first.seed(sizes);
    const again = await first.settle();
    const saidAgain = {
      seconds: again.seconds,
      created: created(loaded, await counts()),
      calls: await first.calls(),
    };
    progress("said again");
    await first.supervisor.stop();
    const second = await openRoad({ ...options, before: first });
    await second.seed(sizes);
    await second.calls();
    const anew = await second.settle();
    const loadedAnew = {
      seconds: anew.seconds,
      created: created(loaded, await counts()),
      calls: await second.calls(),
      callsByKind: (await productCalls(second.supervisor)).calls,
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
