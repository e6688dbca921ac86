import type { TopicOffset } from "../../pipeline/kafka/partitions.ts";

interface Partition {
  /** Offsets taken, ascending; settled ones leave from the front. */
  readonly taken: number[];
  front: number;
  readonly done: Set<number>;
  committed: number;
}

/** Which offsets are taken and not yet settled or parked: the commit never passes the lowest. */
export class OffsetTracker {
  readonly #partitions = new Map<string, Partition>();
  #outstanding = 0;

  /** Records taken and not ended. */
  get outstanding(): number {
    return this.#outstanding;
  }

  taken(topic: string, partition: number, offset: number): void {
    this.#of(topic, partition).taken.push(offset);
    this.#outstanding += 1;
  }

  ended(topic: string, partition: number, offset: number): void {
    const place = this.#of(topic, partition);
    const lowest = place.taken[place.front];
    if (lowest === undefined || offset < lowest || place.done.has(offset)) return;
    place.done.add(offset);
    this.#outstanding -= 1;
    while (
      place.front < place.taken.length &&
      place.done.delete(place.taken[place.front] as number)
    ) {
      place.front += 1;
    }
    if (place.front > 4096) place.taken.splice(0, place.front);
    if (place.front > 4096) place.front = 0;
  }

  /**
   * What may be committed and is not yet: the lowest outstanding offset, or where reading stands,
   * which is past commit markers, where nothing is outstanding.
   */
  committable(positions: readonly TopicOffset[]): readonly TopicOffset[] {
    const moved: TopicOffset[] = [];
    for (const { topic, partition, offset } of positions) {
      const place = this.#of(topic, partition);
      const safe = place.front < place.taken.length ? (place.taken[place.front] as number) : offset;
      if (safe > place.committed) moved.push({ topic, partition, offset: safe });
    }
    return moved;
  }

  committed(offsets: readonly TopicOffset[]): void {
    for (const { topic, partition, offset } of offsets) {
      this.#of(topic, partition).committed = offset;
    }
  }

  #of(topic: string, partition: number): Partition {
    const id = `${topic}/${partition}`;
    let place = this.#partitions.get(id);
    if (place === undefined) {
      place = { taken: [], front: 0, done: new Set(), committed: -1 };
      this.#partitions.set(id, place);
    }
    return place;
  }
}
