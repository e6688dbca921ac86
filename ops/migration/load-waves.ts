import type { Profile } from "../../pipeline/source/profile.ts";
import { endsOf, loadTopicsOf, passed, sourceTopicsOf } from "./positions.ts";
import type { RunContext } from "./run-context.ts";
import { until } from "./until.ts";

const waveTimeoutMs = 6 * 60 * 60 * 1000;

/**
 * The first load: each wave's objects are opened, and the next wave waits until the loader has
 * passed the fence, the end of the wave's load topics once its source streams had ended. Records
 * parked or refused do not hold a wave: the loader's position passes them.
 */
export async function loadWaves(context: RunContext, profile: Profile): Promise<void> {
  const open: string[] = [];
  await context.writer.say("phase", "migration", { phase: "load" }, context.saidBy);
  for (const [index, objects] of context.plan.waves.entries()) {
    open.push(...objects);
    await context.writer.say("wave", "load", { objects: [...open] }, context.saidBy);
    await snapshotEnded(context, profile, objects);
    await passed(
      context,
      "transform",
      await endsOf(context, sourceTopicsOf(context, objects)),
      waveTimeoutMs,
    );
    const fence = await endsOf(context, loadTopicsOf(context, objects));
    const topics = Object.fromEntries([...fence].map(([topic, ends]) => [topic, [...ends]]));
    await context.writer.say("fence", `wave-${index + 1}`, { topics }, context.saidBy);
    await passed(context, "loader", fence, waveTimeoutMs);
    context.progress(
      `wave ${index + 1} of ${context.plan.waves.length} loaded: ${objects.join(", ")}`,
    );
  }
  await context.writer.say("phase", "migration", { phase: "delta" }, context.saidBy);
}

/** Waits for the snapshot end of every stream these objects' entities come from. */
async function snapshotEnded(
  context: RunContext,
  profile: Profile,
  objects: readonly string[],
): Promise<void> {
  const entities = new Set(
    context.plan.objects.filter((each) => objects.includes(each.object)).map((each) => each.entity),
  );
  const streams = profile.streams
    .filter(
      (stream) =>
        entities.has(stream.entity) ||
        (stream.children ?? []).some((child) => entities.has(child.entity)),
    )
    .map((stream) => stream.name);
  await until(
    async () => {
      const ended = (await context.control()).all("snapshot_end");
      return streams.every((stream) => ended.has(stream));
    },
    {
      what: `the snapshot of ${streams.join(", ")}`,
      timeoutMs: waveTimeoutMs,
      failure: context.failure,
    },
  );
}
