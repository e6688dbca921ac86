import { CutoverError } from "../core/errors.ts";
import { pause } from "../stage/stage.ts";
import { acceptPage } from "./accept.ts";
import type { CompiledStream } from "./compiled-stream.ts";
import type { CursorStates, Lane } from "./cursor.ts";
import type { Session } from "./session.ts";
import type { Page, StreamReader } from "./stream-reader.ts";
import type { TransactionWork, WorkItem } from "./work-queue.ts";

/** One stream while it is being polled. */
export interface Polled {
  readonly stream: CompiledStream;
  readonly reader: StreamReader;
  readonly name: string;
}

/** A row of more than this counts as several: one note may be as large as a page. */
const charactersARow = 1000;

/** A page as work: its rows, and the cursor that covers them. */
export function pageItem<L extends Lane>(
  session: Session,
  { stream, name }: Polled,
  page: Page,
  cursor?: { readonly lane: L; readonly state: CursorStates[L] },
  also?: (transaction: TransactionWork) => void,
): WorkItem {
  const nested = stream.exploders.length;
  return {
    weight: Math.max(page.rows.length * (1 + 3 * nested), page.size / charactersARow),
    requestedAt: page.requestedAt,
    apply(transaction) {
      // Polling is over: what was fetched behind the fence is not part of it.
      if (session.signal.aborted) return;
      const { work, roots } = transaction;
      acceptPage(work, roots, stream, page, (_, id) => session.rereads.add(name, id));
      for (const [id, { file_problem }] of page.files ?? []) {
        if (file_problem === "unreachable") session.unfetched.add(name, id);
        else session.unfetched.clear(name, [id]);
      }
      if (cursor !== undefined) session.saveCursor(work, name, cursor.lane, cursor.state);
      also?.(transaction);
    },
  };
}

/** Waits after a failure of the source, so that a lane does not hammer what is down. */
const restMs = 2000;

/**
 * Runs a step of a lane again and again until it succeeds: an outage of the source ends no lane.
 * Errors whose disposition is not `retry` go on.
 */
export async function persistently<T>(
  session: Session,
  polled: Polled,
  step: () => Promise<T>,
): Promise<T | undefined> {
  while (!session.signal.aborted) {
    try {
      return await step();
    } catch (error) {
      if (session.signal.aborted) return undefined;
      if (!(error instanceof CutoverError) || error.disposition !== "retry") throw error;
      const { code, message } = error;
      session.stage.log.warn({ event: "source_failed", stream: polled.name, code, message });
      await pause(restMs, session.signal);
    }
  }
  return undefined;
}
