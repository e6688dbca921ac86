const textHashes = new Map<string, number>();

function textHash(text: string): number {
  let hash = textHashes.get(text);
  if (hash !== undefined) return hash;
  hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  textHashes.set(text, hash);
  return hash;
}

function mixed(value: number): number {
  let mix = value | 0;
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}

/** The values of one record: each a hash of (seed, entity, index, field), so that a new field reshuffles nothing. */
export interface Draw {
  readonly index: number;
  /** A whole number from 0 to `below` - 1. */
  int(field: string, below: number): number;
  pick<T>(field: string, from: readonly T[]): T;
  chance(field: string, probability: number): boolean;
  /** True for exactly one in `every` indices, at a place the seed chooses: planted realities can be counted. */
  oneIn(field: string, every: number): boolean;
}

/** The draw for one record. */
export function draw(seed: number, entity: string, index: number): Draw {
  const start = mixed(mixed(seed ^ textHash(entity)) + Math.imul(index, 0x9e3779b1));
  const raw = (field: string): number => mixed(start ^ textHash(field));
  const int = (field: string, below: number): number =>
    Math.floor((raw(field) / 4294967296) * below);
  return {
    index,
    int,
    pick: (field, from) => from[int(field, from.length)] as (typeof from)[number],
    chance: (field, probability) => raw(field) < probability * 4294967296,
    oneIn: (field, every) => index % every === mixed(seed ^ textHash(entity + field)) % every,
  };
}
