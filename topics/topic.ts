/** One Kafka topic of a migration: everything a reader or the broker must know of it stands here. */
export interface Topic<T> {
  /** Full name, e.g. `acme.source.job`. */
  readonly name: string;
  /** Value schema below `schemas/`, without `.avsc`, `load/…` for what a plan makes; null where the value is foreign bytes. */
  readonly schema: string | null;
  /** Compatibility of its subject in the registry. */
  readonly compatibility: "FULL_TRANSITIVE" | "BACKWARD" | "BACKWARD_TRANSITIVE";
  readonly key: (value: T) => string;
  /** `data`: as many as the migration configures; Kafka cannot shrink it. `one`: a totally ordered log. */
  readonly partitions: "data" | "one";
  readonly cleanup: "compact" | "delete";
  /** Topic settings with their reasons beside them. */
  readonly config: Readonly<Record<string, string>>;
}

const day = 24 * 60 * 60 * 1000;

/** Longest load window plus pause, 14 days: no version may be compacted away while a reader is behind. */
export const historyConfig = {
  "min.compaction.lag.ms": String(14 * day),
  "delete.retention.ms": String(14 * day),
} as const;

/** State is only read to its end: the newest is enough at once. Deletes stay long enough for a slow reader. */
export const stateConfig = { "delete.retention.ms": String(14 * day) } as const;

/** Kept until finish + 30 days; `cutover finish` sets the real bound, until then for ever. */
export const auditConfig = { "retention.ms": "-1" } as const;

/** Largest value without a claim check is 900 KB; transactions add little. */
export const sizeConfig = { "max.message.bytes": "1048576" } as const;
