import type { Request } from "../../pipeline/core/generated/records.ts";
import type { Codecs } from "../../pipeline/kafka/codec.ts";
import type { TopicOffset } from "../../pipeline/kafka/partitions.ts";
import type { LoaderStore } from "./loader-store.ts";
import type { Memory } from "./memory.ts";
import type { ParkedRows } from "./parking.ts";
import type { Plans } from "./plans.ts";
import type { Resend } from "./resend.ts";
import { adoptedOf, type OpenRequest } from "./requests.ts";
import type { RequestEvent } from "./request-event.ts";

interface Waiting {
  readonly request: OpenRequest;
  event: RequestEvent | null;
  readonly whole: PromiseWithResolvers<void>;
}

/**
 * Requests of a predecessor: their rows are open from the start; their answers wait until the
 * versions they sent have been read again, because offsets were not committed past them.
 */
export class Adoption {
  readonly #waiting = new Map<string, Waiting>();
  readonly #memory: Memory;
  readonly #resend: Resend;

  constructor(memory: Memory, resend: Resend) {
    this.#memory = memory;
    this.#resend = resend;
  }

  /** Resolves when the versions a predecessor's request sent have all been read again. */
  whole(request: OpenRequest): Promise<void> {
    return this.#waiting.get(request.id)?.whole.promise ?? Promise.resolve();
  }

  /** Opens the predecessor's requests in memory; versions it had woken from `parked` are there at once. */
  async open(
    store: LoaderStore,
    codecs: Codecs,
    parked: ParkedRows,
    plans: Plans,
  ): Promise<readonly OpenRequest[]> {
    const requests: OpenRequest[] = [];
    for (const framed of store.openRequests()) {
      const record = await codecs.decode<Request>(framed);
      const request = adoptedOf(record, plans);
      requests.push(request);
      this.#waiting.set(request.id, { request, event: null, whole: Promise.withResolvers() });
      for (const { rows } of request.groups) {
        for (const row of rows) {
          const { id } = row;
          this.#memory.of(id).open = row;
          const entry = store.parked.get(id);
          if (entry === undefined || entry.offset > row.offset) continue;
          const taken = await parked.unpark(id);
          if (taken === undefined) continue;
          if (entry.offset < row.offset) row.older = [...row.older, taken];
          else {
            row.taken = taken;
            row.sent = this.#resend(row, taken);
            this.#memory.refer(taken);
          }
        }
      }
    }
    return requests;
  }

  /** Holds an answer back until the rows are whole; undefined while it waits. */
  hold(event: RequestEvent): RequestEvent | undefined {
    const entry = this.#waiting.get(event.request.id);
    if (entry === undefined || event.kind === "job_created" || event.kind === "uploaded")
      return event;
    entry.event = event;
    return undefined;
  }

  /** Answers whose rows' versions have all been read again, or were passed by. */
  released(positions: readonly TopicOffset[]): readonly RequestEvent[] {
    const events: RequestEvent[] = [];
    for (const [id, { request, event, whole }] of this.#waiting) {
      if (!isWhole(request, positions)) continue;
      whole.resolve();
      if (event === null) continue;
      this.#waiting.delete(id);
      events.push(event);
    }
    return events;
  }
}

function isWhole(request: OpenRequest, positions: readonly TopicOffset[]): boolean {
  const passed = (topic: string, partition: number, offset: number): boolean =>
    positions.some(
      (place) => place.topic === topic && place.partition === partition && place.offset > offset,
    );
  return request.groups.every(({ rows }, at) =>
    rows.every((row, index) => {
      if (row.taken !== null) return true;
      const group = request.record.groups[at];
      const entry = group?.entries[index];
      if (group === undefined || entry === undefined) return true;
      return passed(group.topic, entry.load_partition, entry.load_offset);
    }),
  );
}
