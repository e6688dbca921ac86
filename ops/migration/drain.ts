import { endsOf, loadTopicsOf, passed, sourceTopicsOf } from "./positions.ts";
import type { RunContext } from "./run-context.ts";

const drainTimeoutMs = 30 * 60 * 1000;

/** Waits until transform and loader have passed all that stands in their topics now. */
export async function drain(context: RunContext): Promise<void> {
  const objects = context.plan.objects.map((each) => each.object);
  const sources = await endsOf(context, sourceTopicsOf(context, objects));
  await passed(context, "transform", sources, drainTimeoutMs);
  const loads = await endsOf(context, loadTopicsOf(context, objects));
  await passed(context, "loader", loads, drainTimeoutMs);
}
