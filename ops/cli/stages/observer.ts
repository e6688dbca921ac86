import { setPriority } from "node:os";
import { runObserver } from "../../../sinks/observer/observer.ts";
import { compiledPlan } from "../../migration/compiled.ts";
import { openSink } from "../../migration/open-sink.ts";
import { type StageParts, shared, yields } from "./parts.ts";

/** Reads back what the destination holds. */
export async function run(parts: StageParts): Promise<void> {
  setPriority(yields);
  const { migration, stage, ready } = parts;
  const sink = await openSink(migration, "observer", stage);
  ready({});
  await runObserver({
    ...shared(parts, "observer"),
    plan: compiledPlan(migration).plan,
    sink,
    intervalMs: migration.file.observer.interval_ms,
  });
}
