/** What the generator needs to know about the tenant as a whole; everything else follows from seed and index. */
export interface World {
  readonly seed: number;
  /** Customers. */
  readonly size: number;
  /** The moment the generated past ends, milliseconds since 1970; fixed, so that two starts give the same truth. */
  readonly epoch: number;
  readonly technicians: number;
  /** Office users; after them, each technician has a user of its own. */
  readonly office: number;
  readonly zones: number;
  /** Whether the nasty realities of real tenants are planted. */
  readonly realities: boolean;
  /** Whether a file in some thousand has 60 MB. */
  readonly largeFiles: boolean;
}

/** A tenant of so many customers. */
export function worldOf(options: {
  seed: number;
  size: number;
  epoch?: number;
  realities?: boolean;
  largeFiles?: boolean;
}): World {
  const { seed, size, epoch = Date.UTC(2025, 5, 1, 12), realities = true } = options;
  const technicians = Math.max(10, Math.round(size / 50));
  const office = Math.max(6, Math.round(size / 100));
  const largeFiles = options.largeFiles ?? size >= 2_000;
  return { seed, size, epoch, technicians, office, zones: 12, realities, largeFiles };
}

const firstId = 1001;
const pastDoubles = 9_007_199_254_740_993n; // 2^53 + 1, the first integer a double cannot hold

/** The id of an index, the same for every entity, so that ids collide across entities; one in 500 is above 2^53. */
export function idOf(index: number): string {
  return index % 500 === 7 ? String(pastDoubles + 2n * BigInt(index - 7)) : String(firstId + index);
}

/** The index an id was made from; undefined for ids of other origin. */
export function indexOf(id: string): number | undefined {
  if (!/^\d{4,19}$/.test(id)) return undefined;
  const value = BigInt(id);
  return Number(value >= pastDoubles ? (value - pastDoubles) / 2n + 7n : value - BigInt(firstId));
}

/** ISO text of a moment. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}

const day = 86_400_000;

/** A moment so many days before the tenant's epoch, plus a part of a day. */
export function daysAgo(world: World, days: number, partOfDay: number): number {
  return world.epoch - days * day - (partOfDay % day);
}
