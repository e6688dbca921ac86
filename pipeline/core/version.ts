/** Which state of a source record something is about: its place in the log, within a run. */
export interface Version {
  readonly run: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/**
 * Whether `a` is newer than `b`. Both must be versions of the same key: a key stays on one
 * partition of one topic, so the run and the offset order them.
 */
export function isNewer(a: Version, b: Version): boolean {
  return a.run !== b.run ? a.run > b.run : a.offset > b.offset;
}

/** Whether both name the same state of the same record. */
export function sameVersion(a: Version, b: Version): boolean {
  return (
    a.run === b.run && a.offset === b.offset && a.partition === b.partition && a.topic === b.topic
  );
}
