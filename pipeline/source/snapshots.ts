import { controlRecord } from "../kafka/control.ts";
import { membersOf } from "./compose.ts";
import type { CompiledStream } from "./compiled-stream.ts";
import type { Session } from "./session.ts";
import type { Work } from "./work.ts";

const rootsATransaction = 1000;

/**
 * Ends snapshots. A root that was read before the streams it embeds from is written again whole
 * when these have ended; only then has its own stream ended.
 */
export class Snapshots {
  readonly #session: Session;
  readonly #said: Set<string>;

  constructor(session: Session, said: Iterable<string>) {
    this.#session = session;
    this.#said = new Set(said);
  }

  /** The stream's last page is in this transaction: its end is said here, unless roots of it are not whole. */
  read(work: Work, stream: CompiledStream, rows: number): void {
    const { store } = work;
    const waits = this.#waitsForMembers(stream) || store.pending(stream.entity, 1).length > 0;
    if (!waits) this.#say(work, stream, rows);
  }

  /** Whether a stream that this one's roots embed from, other than itself, has not ended. */
  #waitsForMembers(stream: CompiledStream): boolean {
    const { derived, unended } = this.#session.context;
    return membersOf(stream.entity, derived).some(unended);
  }

  #say(work: Work, stream: CompiledStream, records: number): void {
    const { name, entity } = stream.profile;
    const value = { stream: name, entity, records };
    this.#session.say(work, controlRecord("snapshot_end", name, value, "poller"));
    this.#said.add(name);
  }

  /** Writes roots whole whose members have come meanwhile; asked whenever something has ended. */
  async completeRoots(): Promise<void> {
    const { context, cursors, queue, signal } = this.#session;
    for (const stream of context.streams) {
      const cursor = cursors.get(stream.profile.name, "fast");
      if (cursor?.ended !== true || this.#said.has(stream.profile.name)) continue;
      while (!signal.aborted && !this.#waitsForMembers(stream)) {
        let left = false;
        await queue.done({
          weight: rootsATransaction,
          apply: ({ work, roots }) => {
            const ids = work.store.pending(stream.entity, rootsATransaction);
            for (const id of ids) roots.touch({ entity: stream.entity, id });
            left = ids.length === rootsATransaction;
            if (!left) this.#say(work, stream, cursor.rows);
          },
        });
        if (!left) break;
      }
    }
  }
}
