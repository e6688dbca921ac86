import type { CompiledPlan } from "../../pipeline/mapping/compile.ts";
import type { Derivations } from "../../pipeline/source/derived.ts";

/** What the poller derives: what the plan reads, and nothing else, because each costs rows. */
export function derivations({ reads }: Pick<CompiledPlan, "reads">): Required<Derivations> {
  const asked = (entity: string, ...fields: string[]): boolean =>
    fields.some((field) => reads.get(entity)?.has(field) === true);
  return {
    work: asked("customer", "work_open", "work_closed"),
    mergedLines: reads.has("merged_line"),
    visits: asked("job", "appointments", "appointments_count"),
    zones: asked("job", "zone_name"),
  };
}
