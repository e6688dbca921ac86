import { pause } from "../stage/stage.ts";
import { failpoint } from "../stage/failpoint.ts";
import { membersOf } from "./compose.ts";
import type { CursorStates } from "./cursor.ts";
import { PagingAsked } from "./http-failure.ts";
import { type Polled, pageItem, persistently } from "./lane.ts";
import type { Session } from "./session.ts";
import type { ScanStart } from "./stream-reader.ts";

/**
 * What changed just now: the feed from its beginning (the snapshot), then from where its token
 * stands. Ends when the session's polling does.
 */
export async function fastLane(session: Session, polled: Polled): Promise<void> {
  const { stream, name } = polled;
  const place: Place = { cursor: session.cursors.get(name, "fast") };
  if (place.cursor?.ended !== true) await membersFirst(session, polled);
  while (!session.signal.aborted) {
    await persistently(session, polled, () => read(session, polled, place));
    await pause(session.pollMs ?? stream.profile.poll.fast, session.signal);
  }
}

/** Where the lane stands; moved page by page, so that a retry goes on behind the last one. */
interface Place {
  cursor: CursorStates["fast"] | undefined;
}

/** Roots are whole at once where the streams they embed from come before them in the profile. */
async function membersFirst(session: Session, { stream }: Polled): Promise<void> {
  const { streams, derived } = session.context;
  const members = membersOf(stream.entity, derived);
  const before = streams
    .slice(0, streams.indexOf(stream))
    .filter(({ entity }) => members.includes(entity));
  while (!session.signal.aborted && before.some((each) => session.context.unended(each.entity))) {
    await session.changed();
  }
}

/** Reads the feed to its end as of now. */
async function read(session: Session, polled: Polled, place: Place): Promise<void> {
  const start: ScanStart = place.cursor === undefined ? "beginning" : place.cursor.state;
  try {
    for await (const page of polled.reader.pages(start, session.signal)) {
      failpoint("poller.page_fetched");
      session.clock.heard(page);
      const snapshot = place.cursor?.ended !== true;
      const state: CursorStates["fast"] = {
        state: page.state,
        ended: !snapshot || page.last,
        rows: (place.cursor?.rows ?? 0) + (snapshot ? page.rows.length : 0),
        begunAt: place.cursor?.begunAt ?? page.serverTime,
      };
      place.cursor = state;
      const ends = snapshot && page.last;
      const item = pageItem(session, polled, page, { lane: "fast", state }, ({ work }) => {
        if (ends) session.snapshots.read(work, polled.stream, state.rows);
      });
      if (ends) await session.queue.done(item);
      else await session.queue.put(item);
    }
  } catch (error) {
    if (!(error instanceof PagingAsked)) throw error;
    await expired(session, polled, place);
  }
}

/** The token is no longer known: the snapshot begins again, a delta goes back to the watermark. */
async function expired(session: Session, polled: Polled, place: Place): Promise<void> {
  const { name, stream, reader } = polled;
  session.stage.log.warn({ event: "cursor_expired", stream: name });
  const { cursor } = place;
  if (cursor?.ended !== true) {
    place.cursor = undefined;
    return;
  }
  const watermark = session.cursors.get(name, "full")?.watermark ?? cursor.begunAt;
  const since = watermark - stream.profile.incremental.lookback_window;
  for await (const page of reader.pages({ since }, session.signal)) {
    const state = { ...cursor, state: page.state };
    await session.queue.put(pageItem(session, polled, page, { lane: "fast", state }));
    place.cursor = state;
  }
}
