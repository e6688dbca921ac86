import type { LiteralType, Scalar } from "./tokens.ts";

/** A property of the things a filter looks at. */
export interface Reading<T> {
  readonly type: LiteralType;
  read(item: T): Scalar;
}

/** Members of a thing, for `any` and `all`. */
export interface Members<T, U> {
  readonly source: Source<U>;
  read(item: T): Iterable<U>;
}

/** What a filter may ask about a kind of thing: rows of a table, or definitions. */
export interface Source<T> {
  /** The property at the end of a path; throws 400 where there is none. */
  property(path: readonly string[]): Reading<T>;
  collection(path: readonly string[]): Members<T, unknown>;
  /** The time on the simulator's clock, for functions such as LastXDays. */
  now(): number;
}

/** Whether a thing fits. */
export type Predicate<T> = (item: T) => boolean;
