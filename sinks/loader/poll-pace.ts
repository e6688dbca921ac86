/** A closed job that has not been seen ended. */
export interface Followed {
  readonly rows: number;
  /** Monotonic milliseconds. */
  readonly closedAt: number;
  /** When it was last seen running; `closedAt` before that. */
  seenAt: number;
  looks: number;
}

interface Sample {
  readonly rows: number;
  readonly ms: number;
  /** It may have been so much more or less. */
  readonly slackMs: number;
}

/** How long a job likely takes, and how much less or more that may be. */
type Likely = Pick<Sample, "ms" | "slackMs">;

const slowestMs = 5000;
/** A job waits so long for the news of an older one, then it is looked at itself. */
const longestRestMs = 10_000;
/** However long jobs are thought to take, one is looked at this often: the thought may be wrong. */
const longestBlindMs = 20_000;
/** A job that took so many times what its like takes was held up: it tells nothing of the next. */
const heldUp = 4;
const samplesKept = 8;
/** Sizes that differ by less than this share are about the same. */
const alike = 0.2;
/** A job seen ended at the first look may have ended earlier: the next one is looked at so much sooner. */
const sooner = 0.97;

/**
 * When to look at a bulk job again. Every look is a call, and a day's calls are few: jobs that ended
 * tell how long one of so many rows takes, and of several jobs under way only the oldest is looked at
 * until it has ended, because the others have begun after it.
 */
export class PollPace {
  readonly #running = new Set<Followed>();
  #samples: Sample[] = [];

  /** A job has been closed. */
  follow(rows: number, now: number): Followed {
    const job: Followed = { rows, closedAt: now, seenAt: now, looks: 0 };
    this.#running.add(job);
    return job;
  }

  /** Milliseconds until the job is to be looked at; 0 or less: now. Asked again at least every second. */
  waitMs(job: Followed, now: number): number {
    const likely = this.#likelyMs(job.rows);
    const own = job.seenAt + this.#stepMs(job, likely) - now;
    const [oldest] = this.#running;
    // What began later and is no smaller ends later.
    if (oldest === undefined || oldest === job || oldest.rows > job.rows) return own;
    return Math.max(
      own,
      Math.max(job.seenAt, job.closedAt + (likely?.ms ?? 0)) + longestRestMs - now,
    );
  }

  /** The job was seen running. */
  runs(job: Followed, now: number): void {
    job.seenAt = now;
    job.looks += 1;
  }

  /** Nobody follows the job any more; `done`: it has come to its own end. */
  ended(job: Followed, now: number, done: boolean): void {
    this.#running.delete(job);
    if (!done) return;
    const ms = now - job.closedAt;
    const before = job.seenAt - job.closedAt;
    const likely = this.#likelyMs(job.rows);
    if (likely !== undefined && ms > slowestMs + likely.ms * heldUp) return;
    // Nobody looked for long: when it ended in between says nothing.
    if (job.looks > 0 && before < ms * 0.7 && this.#samples.length > 0) return;
    const slackMs = job.looks === 0 ? ms * (1 - sooner) : (ms - before) / 2;
    const sample = { rows: job.rows, ms: ms - slackMs, slackMs };
    this.#samples = [...this.#samples, sample].slice(-samplesKept);
  }

  /** From when it was last seen to the next look. */
  #stepMs(job: Followed, likely: Likely | undefined): number {
    const ran = job.seenAt - job.closedAt;
    const first = Math.min(1000, Math.max(150, job.rows / 10));
    if (likely === undefined) return Math.min(slowestMs, Math.max(first, ran * 1.5));
    const { ms, slackMs } = likely;
    if (ran < ms) return Math.min(longestBlindMs, ms - ran);
    return Math.min(slowestMs, Math.max(150, ms * 0.05, slackMs / 2, (ran - ms) / 2));
  }

  /** How long a job of so many rows likely takes: a fixed part and one by rows, as far as jobs told. */
  #likelyMs(rows: number): Likely | undefined {
    if (this.#samples.length === 0) return undefined;
    const mean = average(this.#samples.map((sample) => sample.rows));
    const meanMs = average(this.#samples.map((sample) => sample.ms));
    const slackMs = average(this.#samples.map((sample) => sample.slackMs));
    const spread = average(this.#samples.map((sample) => (sample.rows - mean) ** 2));
    const tilt = average(
      this.#samples.map((sample) => (sample.rows - mean) * (sample.ms - meanMs)),
    );
    // Jobs of about one size do not tell how much of their time is by rows: from nothing to all of it.
    const most = meanMs / mean;
    const unsure = (mean * alike) ** 2;
    const aRow = (tilt + (unsure * most) / 2) / (spread + unsure);
    const ms = meanMs + Math.min(most, Math.max(0, aRow)) * (rows - mean);
    const guessed = (Math.abs(rows - mean) * most) / 2;
    return { ms, slackMs: slackMs + guessed * (unsure / (spread + unsure)) };
  }
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
