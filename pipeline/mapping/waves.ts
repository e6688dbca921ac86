import type { FieldPlan, ObjectPlan } from "../core/plan.ts";

/**
 * Objects in the order the first load takes them: each wave holds what refers only to earlier ones.
 * References of an object to itself order nothing: parking does. `after` names what else an object
 * comes behind. `cycle` names objects that wait for one another in a circle.
 */
export function computeWaves(
  plans: readonly ObjectPlan[],
  after: ReadonlyMap<string, readonly string[]> = new Map(),
): {
  readonly waves: readonly (readonly string[])[];
  readonly cycle: readonly string[];
} {
  const parents = new Map<string, Set<string>>();
  for (const { object, fields } of plans) {
    const named = parents.get(object) ?? new Set();
    const before = [...fields.flatMap(referredObjects), ...(after.get(object) ?? [])];
    for (const other of before) if (other !== object) named.add(other);
    parents.set(object, named);
  }
  const waves: string[][] = [];
  while (parents.size > 0) {
    const wave = [...parents].filter(([, named]) => [...named].every((name) => !parents.has(name)));
    if (wave.length === 0) return { waves, cycle: [...parents.keys()] };
    waves.push(wave.map(([object]) => object));
    for (const [object] of wave) parents.delete(object);
  }
  return { waves, cycle: [] };
}

function referredObjects({ reference }: FieldPlan): string[] {
  if (reference === undefined) return [];
  return [reference.object, ...Object.values(reference.byEntity ?? {})];
}
