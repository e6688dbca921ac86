import type { StageName } from "../migration/supervisor.ts";
import type { StageParts } from "./stages/parts.ts";

/** Every stage with the module that composes it; a process loads its own. */
const stages: Record<
  StageName,
  () => Promise<{ readonly run: (parts: StageParts) => Promise<void> }>
> = {
  poller: () => import("./stages/poller.ts"),
  transform: () => import("./stages/transform.ts"),
  loader: () => import("./stages/loader.ts"),
  observer: () => import("./stages/observer.ts"),
  ledger: () => import("./stages/ledger.ts"),
};

/** Runs one stage until it is drained. */
export async function runStage(name: StageName, parts: StageParts): Promise<void> {
  const { run } = await stages[name]();
  await run(parts);
}
