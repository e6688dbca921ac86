import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Surroundings } from "../../ops/migration/rehearse/start.ts";
import { until } from "../../ops/migration/until.ts";
import { pidOf } from "../e2e/rehearsed.ts";

/**
 * SIGKILLs the loader each time the destination has taken so much more, and says where; ends when it
 * has or when `ended` is aborted.
 */
export async function killLoader(
  takenSoFar: () => Promise<number>,
  surroundings: Surroundings,
  killAt: readonly number[],
  ended: AbortSignal,
): Promise<string[]> {
  const kills: string[] = [];
  const begun = await takenSoFar();
  let killed = 0;
  for (const after of killAt) {
    await until(
      async () => {
        if (ended.aborted) return true;
        const taken = (await takenSoFar()) - begun;
        const pid = taken < after ? killed : loaderOf(surroundings);
        if (pid === killed) return false;
        process.kill(pid, "SIGKILL");
        killed = pid;
        kills.push(`loader ${pid}: SIGKILL when ${taken} were taken`);
        return true;
      },
      { what: `a loader to kill when ${after} are taken`, timeoutMs: 600_000 },
    );
  }
  return kills;
}

/** The loader's process, 0 while no stage has been started. */
function loaderOf(surroundings: Surroundings): number {
  const started = existsSync(join(surroundings.migration.stateFolder, "processes.json"));
  return started ? pidOf(surroundings, "loader") || 0 : 0;
}
