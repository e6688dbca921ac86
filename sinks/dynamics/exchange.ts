import { CutoverError } from "../../pipeline/core/errors.ts";
import type { MayLeave } from "../sink.ts";
import type { Caller } from "./pool.ts";
import { replyError } from "./reply-error.ts";
import { type Attempted, patience, verdictOf } from "./throttle.ts";

/** One call as it is tried, again and again if need be. */
export interface Trial<T extends Attempted> {
  readonly api: string;
  readonly write: boolean;
  readonly caller: Caller;
  /** Calls of a kind take about as long as each other; undefined: how long this one takes tells nothing. */
  readonly kind?: string | undefined;
  /** Asked just before each attempt. */
  readonly mayLeave?: MayLeave;
  /** One attempt. Throws SINK_UNAVAILABLE where nothing left, SINK_REPLY_LOST where it may have. */
  send(token: string): Promise<T>;
}

/** What an exchange works with. */
export interface ExchangeParts {
  /** Bounds the waiting the service asks of one call, ms. */
  readonly throttledMs: number;
  /** Told of every attempt: its status, or the code of its error. */
  readonly counted: (api: string, status: string) => void;
  readonly waited: (seconds: number) => void;
}

/** How often a read comes again after an outage. */
const outages = 4;

/** Tries a call until it is answered; the answer may be a refusal. */
export async function exchange<T extends Attempted>(
  { throttledMs, counted, waited }: ExchangeParts,
  trial: Trial<T>,
): Promise<T> {
  const { api, write, caller } = trial;
  const wait = patience(throttledMs, api);
  let renewed = false;
  let away = 0;
  for (let tries = 0; ; tries += 1) {
    const token = await caller.token.current();
    const visit = await caller.enter(api, trial.mayLeave);
    let reply: T;
    try {
      reply = await trial.send(token);
    } catch (error) {
      visit.lost();
      counted(api, error instanceof CutoverError ? error.code : "failed");
      away += 1;
      if (write || away > outages || !isOutage(error)) throw unwritten(error, write);
      await pause(250 * 2 ** away);
      continue;
    }
    const { status, headers } = reply;
    const verdict = verdictOf(reply, write, tries);
    const { kind } = trial;
    const { pauseMs, waitMs } = verdict ?? {};
    visit.answered({ status, headers, kind, ...(pauseMs === undefined ? {} : { pauseMs }) });
    counted(api, String(status));
    if (status === 401 && !renewed) {
      renewed = true;
      await caller.token.renew(token);
      continue;
    }
    renewed = false;
    if (verdict === undefined) return reply;
    if (status !== 429) {
      away += 1;
      if (away > outages) throw replyError(reply, api, write);
    } else wait((pauseMs ?? 0) + (waitMs ?? 0));
    if (waitMs !== undefined) {
      waited(waitMs / 1000);
      await pause(waitMs);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function isOutage(error: unknown): boolean {
  return (
    error instanceof CutoverError &&
    (error.code === "SINK_UNAVAILABLE" || error.code === "SINK_REPLY_LOST")
  );
}

/** A read has no fate to ask for. */
function unwritten(error: unknown, write: boolean): unknown {
  if (write || !(error instanceof CutoverError) || error.code !== "SINK_REPLY_LOST") return error;
  return new CutoverError("SINK_UNAVAILABLE", error.message, { cause: error.cause });
}
