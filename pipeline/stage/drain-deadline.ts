import type { Stage } from "./stage.ts";

/** How long a stage has: its supervisor, where there is one, loses patience 2 s later. */
const drainMs = 28_000;

/**
 * Kills this process where it has been told to stop and still runs: a stage whose broker is gone cannot
 * commit what is open, and waits for it for minutes. Whatever a kill leaves open, its successor adopts.
 */
export function endInTime(stage: Pick<Stage, "stopping" | "log">, withinMs = drainMs): void {
  const kill = (): void => {
    stage.log.error({ event: "stage_not_drained", withinMs });
    process.kill(process.pid, "SIGKILL");
  };
  stage.stopping.addEventListener("abort", () => setTimeout(kill, withinMs).unref(), {
    once: true,
  });
}
