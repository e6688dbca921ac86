import { runTransformer } from "../../../pipeline/transform/transformer.ts";
import { compiledPlan } from "../../migration/compiled.ts";
import { confirmedRun } from "../../migration/confirmed-run.ts";
import { type StageParts, shared } from "./parts.ts";

/** Makes rows of the destination from records of the source. */
export async function run(parts: StageParts): Promise<void> {
  const { migration, instance, ready } = parts;
  const run = await confirmedRun(migration, "transform");
  ready({});
  await runTransformer({
    ...shared(parts, "transform"),
    run,
    instance,
    compiled: compiledPlan(migration),
  });
}
