import type { ObjectPlan } from "../core/plan.ts";

/**
 * Objects in the order the first load takes them: each wave holds what refers only to earlier ones.
 * References of an object to itself order nothing: parking does. `cycle` names objects that refer
 * to one another in a circle.
 */
export function computeWaves(plans: readonly ObjectPlan[]): {
  readonly waves: readonly (readonly string[])[];
  readonly cycle: readonly string[];
} {
  const parents = new Map<string, Set<string>>();
  for (const { object, fields } of plans) {
    const named = parents.get(object) ?? new Set();
    for (const { reference } of fields) {
      if (reference !== undefined && reference.object !== object) named.add(reference.object);
    }
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
