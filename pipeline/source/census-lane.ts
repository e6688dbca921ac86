import { CutoverError } from "../core/errors.ts";
import { believable, type CensusResult, type Missed, unexpectedAtMost } from "./census.ts";
import type { Death } from "./death.ts";
import { type Polled, pageItem } from "./lane.ts";
import type { Session } from "./session.ts";
import type { Page } from "./stream-reader.ts";

const gone: Death = { reason: "census", at: null, mergedInto: null };

/** So few missing rows are asked for one by one before they are called gone: a list may glitch, `404` for each may not. */
const askedAtMost = 20;

/** Takes a census of which ids live; what `confirm` censuses have missed is gone. */
export async function census(session: Session, polled: Polled): Promise<void> {
  const begun = await counted(session, polled);
  const { entity } = polled.stream;
  let result: CensusResult = { living: 0, absent: 0, unexpected: [] };
  let missed: Missed = { gone: [], suspected: 0 };
  await session.queue.done({
    weight: 100,
    apply({ work, roots }) {
      missed = { gone: [], suspected: 0 };
      if (session.signal.aborted) return;
      // Rows of this transaction count as read.
      roots.settle();
      const rules = polled.stream.profile.deletes.census;
      result = work.store.census.result(entity, begun.requestedAt);
      if (rules === undefined || !believable(result, rules.max_drop)) return;
      missed = work.store.census.miss(entity, begun.requestedAt, rules.confirm);
      for (const id of result.unexpected) session.rereads.add(polled.name, id);
      session.saveCursor(work, polled.name, "census", { begunAt: begun.serverTime });
    },
  });
  if (session.signal.aborted) return;
  if (!believed(session, polled, result)) return;
  await bury(session, polled, missed.gone, begun.requestedAt);
  const open = missed.suspected > 0 || result.unexpected.length === unexpectedAtMost;
  session.finish.proof(polled.name).censuses.push({ begun: begun.serverTime, open });
}

/** Gathers the ids; returns when the first request was started. */
async function counted(session: Session, { stream, reader, name }: Polled) {
  let begun: { readonly requestedAt: number; readonly serverTime: number } | undefined;
  for await (const page of reader.census(session.signal)) {
    const first = begun === undefined;
    begun ??= page;
    await session.queue.put({
      weight: page.ids.length / 4,
      apply({ work }) {
        if (session.signal.aborted) return;
        if (first) work.store.census.begin(stream.entity);
        work.store.census.add(stream.entity, page.ids);
      },
    });
  }
  if (begun === undefined) throw new CutoverError("SOURCE_UNAVAILABLE", `No census of ${name}.`);
  return begun;
}

function believed(session: Session, { stream, name }: Polled, result: CensusResult): boolean {
  const { max_drop = 0 } = stream.profile.deletes.census ?? {};
  if (believable(result, max_drop)) return true;
  const { living, absent } = result;
  const remedy = "if so many were really deleted, raise deletes.census.max_drop in the profile";
  session.stage.log.warn({ event: "census_disbelieved", stream: name, living, absent, remedy });
  return false;
}

/** Deletes what was missed; a few are asked for first, and one that answers is read instead. */
async function bury(
  session: Session,
  polled: Polled,
  missed: readonly string[],
  requestedAt: number,
): Promise<void> {
  if (missed.length === 0) return;
  const { entity, profile } = polled.stream;
  const answers: Page[] = [];
  const dead: string[] = [];
  const ask = profile.by_id !== undefined && missed.length <= askedAtMost;
  for (const id of missed) {
    const page = ask ? await polled.reader.one(id, session.signal) : undefined;
    if (page === undefined) dead.push(id);
    else answers.push(page);
  }
  for (const page of answers) await session.queue.put(pageItem(session, polled, page));
  await session.queue.done({
    weight: dead.length,
    apply({ work, roots }) {
      if (session.signal.aborted) return;
      roots.settle();
      for (const id of dead) {
        const read = work.store.get(entity, id)?.readAt ?? 0;
        // Read since the census began, it lives.
        if (read < requestedAt) roots.lives.kill({ entity, id }, gone, requestedAt);
      }
    },
  });
}
