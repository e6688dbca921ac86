import { CutoverError } from "../core/errors.ts";
import type { KafkaConnection } from "../kafka/connection.ts";
import type { ControlFollower } from "../kafka/control.ts";
import { highWatermarks } from "../kafka/watermarks.ts";
import { pause, type Stage } from "../stage/stage.ts";
import { noteOffsets } from "./catch-up.ts";
import type { Derivations } from "./derived.ts";
import { deriveAnew } from "./derive-anew.ts";
import { fastLane } from "./fast-lane.ts";
import { fenceIfProved } from "./finish.ts";
import { checkGates, type OpenSession, withSession } from "./open-session.ts";
import type { Profile } from "./profile.ts";
import type { Session } from "./session.ts";
import { slowLane } from "./slow-lane.ts";
import { commit } from "./writer.ts";

/** What the poller of a migration is given. */
export interface PollerOptions {
  readonly stage: Stage;
  readonly connection: KafkaConnection;
  readonly migration: string;
  readonly profile: Profile;
  /** Folder of the source store; losing it costs a start-up, nothing else. */
  readonly stateFolder: string;
  /** Replaces the profile's interval between polls of what changed just now. */
  readonly pollMs?: number;
  /** What the plan wants derived; nothing where it says nothing. */
  readonly derive?: Derivations;
  /** The plan this process was started for; another one in control stops it. */
  readonly planHash: string;
}

const restMs = 1000;
const checkpointMs = 10_000;
const weightATransaction = 2000;
const roundMs = 100;
const controlMs = 200;
/** A lane that does not end by then hangs in a request; closing the client ends it. */
const laneEndMs = 5000;

/**
 * Polls the source until the migration is finished, then goes on carrying out orders, until it is
 * stopped. PLAN_NOT_CONFIRMED, FENCED, SOURCE_AUTH_REFUSED, SOURCE_SCOPE_MISSING and
 * PROFILE_INVALID end it; after a commit of unknown fate it begins again from what Kafka holds.
 */
export async function runPoller(options: PollerOptions): Promise<void> {
  while (!options.stage.stopping.aborted) {
    try {
      await withSession(options, (open) => poll(options, open));
    } catch (error) {
      if (!(error instanceof CutoverError) || error.disposition !== "retry") throw error;
      const { code, message } = error;
      options.stage.log.warn({ event: "session_restarted", code, message });
      await pause(restMs, options.stage.stopping);
    }
  }
}

/** The one writer: takes what the lanes bring, transaction by transaction. */
async function poll(options: PollerOptions, open: OpenSession): Promise<void> {
  const { session, producer, control, topics } = open;
  heed(session, control, options.planHash);
  const ended = new AbortController();
  const lanes = session.finish.fenced ? [] : lanesOf(session);
  const follower = followOrders(open, options.planHash, ended.signal).catch(session.fail);
  let checkpointAt = performance.now() + checkpointMs;
  let sentSince = 0;
  let fencing = false;
  try {
    while (!options.stage.stopping.aborted && !session.over) {
      session.throwFailure();
      const items = await session.queue.take(weightATransaction, roundMs);
      if (items.length > 0) sentSince += await commit(session, producer, items);
      if (!fencing || items.length > 0) fencing = fenceIfProved(session);
      if (sentSince > 0 && performance.now() > checkpointAt) {
        noteOffsets(session.context.store, await highWatermarks(options.connection, topics));
        [sentSince, checkpointAt] = [0, performance.now() + checkpointMs];
      }
    }
  } finally {
    session.endPolling();
    session.queue.close();
    ended.abort();
    const patience = new AbortController();
    await Promise.race([Promise.all([...lanes, follower]), pause(laneEndMs, patience.signal)]);
    patience.abort();
  }
}

function lanesOf(session: Session): Promise<void>[] {
  const lanes = session.polled.flatMap((polled) => [
    fastLane(session, polled),
    slowLane(session, polled),
  ]);
  return [...lanes, completeRoots(session), deriveAnew(session)].map((lane) =>
    lane.catch((error: unknown) => {
      if (!session.signal.aborted) session.fail(error);
    }),
  );
}

async function completeRoots(session: Session): Promise<void> {
  while (!session.signal.aborted) {
    await session.snapshots.completeRoots();
    await session.changed();
  }
}

/** Takes what control says now. */
function heed(session: Session, control: ControlFollower, planHash: string): void {
  checkGates(control, planHash);
  for (const [id, order] of control.state.orders) session.orders.take(id, order);
  const at = control.state.get("finish", "finish")?.at;
  const fence = control.state.get("poll_fence", "poller")?.at;
  // A later finish than the one that was fenced: polling begins anew, in a session of its own.
  if (session.finish.fenced && at !== session.finish.at) session.over = true;
  session.finish.at = at;
  if (at !== undefined && fence === at) session.finish.fenced = true;
}

async function followOrders(
  { session, control }: OpenSession,
  planHash: string,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    const events = await control.poll();
    if (events.length > 0) heed(session, control, planHash);
    else await pause(controlMs, ended);
  }
}
