import { pause } from "../stage/stage.ts";
import { census } from "./census-lane.ts";
import { type Polled, pageItem, persistently } from "./lane.ts";
import type { Session } from "./session.ts";

/** How often the lane looks whether something is due. */
const lookMs = 200;

/**
 * What the fast lane cannot see: the whole lookback once more, rows to be read again, and censuses
 * of what lives. When a migration finishes, what is still to be proved is done at once.
 */
export async function slowLane(session: Session, polled: Polled): Promise<void> {
  const { stream, name } = polled;
  const { poll, deletes } = stream.profile;
  while (!session.signal.aborted && session.cursors.get(name, "fast")?.ended !== true) {
    await session.changed();
  }
  let fullAt = performance.now() + poll.full;
  let censusAt = performance.now() + (deletes.census?.every ?? 0);
  while (!session.signal.aborted) {
    await persistently(session, polled, () => rereads(session, polled));
    if (performance.now() >= fullAt || session.finish.wantsFull(polled)) {
      await persistently(session, polled, () => unfetched(session, polled));
      await persistently(session, polled, () => fullScan(session, polled));
      fullAt = performance.now() + poll.full;
    }
    const wanted = session.finish.wantsCensus(polled);
    if (deletes.census !== undefined && (performance.now() >= censusAt || wanted)) {
      await persistently(session, polled, () => census(session, polled));
      censusAt = performance.now() + deletes.census.every;
    }
    await pause(lookMs, session.signal);
  }
}

/** Rows that came late are asked for by id; where that is not offered, the next full scan brings them. */
async function rereads(session: Session, polled: Polled): Promise<void> {
  for (const id of session.rereads.of(polled.name)) await readAgain(session, polled, id);
}

/** Files that could not be fetched are tried again; a row that is gone needs none. */
async function unfetched(session: Session, polled: Polled): Promise<void> {
  for (const id of session.unfetched.of(polled.name)) await readAgain(session, polled, id);
}

async function readAgain(session: Session, polled: Polled, id: string): Promise<void> {
  if (polled.stream.profile.by_id === undefined) return;
  const page = await polled.reader.one(id, session.signal);
  const rows = page ?? {
    ...{ rows: [], size: 0, textOf: () => "" },
    ...{ requestedAt: 0, serverTime: 0 },
  };
  const noMore = (): void => {
    session.rereads.clear(polled.name, [id]);
    session.unfetched.clear(polled.name, [id]);
  };
  await session.queue.done(
    // Cleared first: the row may be late again, or its file still unreachable.
    withFirst(noMore, { ...pageItem(session, polled, { ...rows, state: {}, last: true }) }),
  );
}

function withFirst<T extends { apply(transaction: never): void }>(first: () => void, item: T): T {
  const apply = (transaction: never): void => {
    first();
    item.apply(transaction);
  };
  return { ...item, apply };
}

/** Everything since the watermark, less the lookback: what became visible late. */
async function fullScan(session: Session, polled: Polled): Promise<void> {
  const { stream, reader, name } = polled;
  const { lookback_window, settle } = stream.profile.incremental;
  const fast = session.cursors.get(name, "fast");
  const watermark = session.cursors.get(name, "full")?.watermark ?? fast?.begunAt ?? 0;
  const noted = session.rereads.of(name);
  let begunAt: number | undefined;
  for await (const page of reader.pages({ since: watermark - lookback_window }, session.signal)) {
    session.clock.heard(page);
    begunAt ??= page.serverTime;
    // The watermark is the moment the scan began, never the largest time seen.
    const state = { watermark: begunAt - settle };
    if (!page.last) {
      await session.queue.put(pageItem(session, polled, page));
      continue;
    }
    await session.queue.done(
      pageItem(session, polled, page, { lane: "full", state }, () => {
        if (stream.profile.by_id === undefined) session.rereads.clear(name, noted);
      }),
    );
    session.finish.proof(name).full = begunAt;
  }
}
