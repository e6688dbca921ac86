import { CutoverError } from "../../pipeline/core/errors.ts";
import { failpoint } from "../../pipeline/stage/failpoint.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { pause, type Stage } from "../../pipeline/stage/stage.ts";
import {
  type AskedRow,
  type BulkJobs,
  type ClaimedByOther,
  type JobState,
  type RowResult,
  type RowResults,
  type Sink,
  type SinkGroup,
} from "../sink.ts";
import { isKeyless } from "../object-plans.ts";
import { Asking } from "./asking.ts";
import { PollPace } from "./poll-pace.ts";
import { type OpenRequest, sinkGroups } from "./requests.ts";

/** What has come of a request's way; the loop takes these up one by one. */
export type RequestEvent =
  /** A bulk job exists; its id must be committed before anything is uploaded. */
  | { readonly kind: "job_created"; readonly request: OpenRequest; readonly jobId: string }
  /** Its rows are at the destination: their fields need not be kept here. */
  | { readonly kind: "uploaded"; readonly request: OpenRequest }
  /** What is known of its rows; a row in neither map was certainly not written. */
  | {
      readonly kind: "answered";
      readonly request: OpenRequest;
      readonly results: RowResults;
      /** Rows of lost replies that stand at the destination, by result key. */
      readonly found: ReadonlyMap<string, AskedRow>;
      /** A job that failed as a whole: its rows have used up an attempt. */
      readonly failure: string | null;
    }
  /** It never left: its rows go again. */
  | { readonly kind: "unsent"; readonly request: OpenRequest }
  /** Nothing of it was done, and why says how to go on. */
  | { readonly kind: "failed"; readonly request: OpenRequest; readonly error: unknown };

interface Parts {
  readonly sink: Sink;
  readonly stage: Stage;
  /** Whether a key other than the one named holds a row of the object. */
  readonly claimed: (object: string) => ClaimedByOther;
  /** Aborted when the loop ends: tasks stop waiting and leave their requests to the successor. */
  readonly leaving: AbortSignal;
  /** When it was last certain that no successor had taken over, monotonic ms. */
  readonly provenAt: () => number;
  readonly report: (event: RequestEvent) => void;
}

/** A request leaves within this time of its commit, or not at all; each of its calls within this time of a commit. */
export const leaveWithinMs = 10_000;
/** News of one job may let another be looked at sooner. */
const mostPauseMs = 250;

/** Sends requests and waits for their answers, beside the loop; changes nothing of the loader. */
export class Submitter {
  readonly #parts: Parts;
  readonly #tasks = new Set<Promise<void>>();
  readonly #pace = new PollPace();
  readonly #asking: Asking;
  readonly #whole = new Map<string, Promise<void>>();

  constructor(parts: Parts) {
    this.#parts = parts;
    const { sink, claimed } = parts;
    this.#asking = new Asking({ sink, claimed, persist: (work) => this.#persist(work) });
  }

  /** A successor asks for what we have sent so long after it has fenced us: later nothing leaves. */
  readonly #mayLeave = (): boolean => {
    const { leaving, provenAt } = this.#parts;
    return !leaving.aborted && performance.now() - provenAt() <= leaveWithinMs;
  };

  /** Sends a committed request of few rows. */
  sendSmall(request: OpenRequest): void {
    this.#run(request, async () => {
      if (tooLate(request)) return this.#unsent(request);
      let results: RowResults;
      try {
        results = await this.#parts.sink.send(sinkGroups(request), this.#mayLeave);
      } catch (error) {
        if (!isLost(error)) throw error;
        results = new Map();
      }
      failpoint("loader.sent");
      await this.#answer(request, results, null);
    });
  }

  /** Requests of jobs are made only where there are jobs; a predecessor's may come of another sink. */
  get #jobs(): BulkJobs {
    const { jobs } = this.#parts.sink;
    if (jobs !== undefined) return jobs;
    throw new CutoverError(
      "CONFIG_INVALID",
      "This destination has no bulk jobs, but one was begun.",
    );
  }

  /** Creates the job of a committed request. */
  openJob(request: OpenRequest): void {
    this.#run(request, async () => {
      if (tooLate(request)) return this.#unsent(request);
      const { plan, operation } = request.groups[0] as OpenRequest["groups"][number];
      const jobId = await this.#jobs.openJob({ plan, operation });
      failpoint("loader.job_created");
      this.#parts.report({ kind: "job_created", request, jobId });
    });
  }

  /** Uploads a job whose id is committed, and waits for its end. */
  upload(request: OpenRequest): void {
    this.#run(request, async () => {
      const [group] = sinkGroups(request);
      const jobId = request.jobId as string;
      if (group === undefined) return;
      try {
        await this.#jobs.uploadJob(jobId, group);
        failpoint("loader.uploaded");
        failpoint("loader.sent");
        this.#parts.report({ kind: "uploaded", request });
      } catch (error) {
        // An upload is never repeated: a second one to the same job may go out empty.
        this.#parts.stage.log.warn({ event: "upload_failed", jobId, error: String(error) });
        if (!(await this.#stillRuns(jobId))) throw asRetry(error);
      }
      await this.follow(request);
    });
  }

  /** Waits for the end of a job that is closed, also a predecessor's. */
  async follow(request: OpenRequest): Promise<void> {
    const jobId = request.jobId as string;
    for (;;) {
      const job = await this.#look(request, jobId);
      if (job === undefined) return;
      if (job.state === "missing") return this.#answer(request, new Map(), null);
      if (job.state === "open") {
        await this.#persist(() => this.#jobs.abortJob(jobId));
        continue;
      }
      // An aborted job that began nothing has no result files.
      const none = job.state === "aborted" && job.processed === 0;
      // Results without a key are matched by what was sent.
      if (!(await this.#isWhole(request))) return;
      const [group] = sinkGroups(request) as [SinkGroup];
      const results = none
        ? new Map<string, RowResult>()
        : await this.#persist(() => this.#jobs.jobResults(jobId, group));
      if (results === undefined) return;
      const failure = job.state === "done" ? null : (job.message ?? `job ${job.state}`);
      // What an ended job did not process was not written; an aborted one may have begun.
      if (job.state === "aborted") return this.#answer(request, results, failure);
      return this.#answer(request, results, failure, true);
    }
  }

  /** The job once it no longer runs; undefined when the loader leaves. */
  async #look(request: OpenRequest, jobId: string): Promise<JobState | undefined> {
    const { leaving } = this.#parts;
    const followed = this.#pace.follow(request.size, performance.now());
    let job: JobState | undefined;
    try {
      for (;;) {
        for (let waitMs = 1; waitMs > 0; waitMs = this.#pace.waitMs(followed, performance.now())) {
          await pause(Math.min(waitMs, mostPauseMs), leaving);
          if (leaving.aborted) return undefined;
        }
        job = await this.#persist(() => this.#jobs.jobState(jobId));
        if (job?.state !== "uploaded" && job?.state !== "running") return job;
        this.#pace.runs(followed, performance.now());
      }
    } finally {
      this.#pace.ended(followed, performance.now(), job?.state === "done");
    }
  }

  /**
   * Takes up a predecessor's request after the wait that makes its silence final; `whole` resolves
   * when what it sent has been read again.
   */
  adopt(request: OpenRequest, waitMs: number, whole: Promise<void>): void {
    this.#whole.set(request.id, whole);
    this.#run(request, async () => {
      if (request.jobId !== null) return this.follow(request);
      // Without a committed job id nothing was uploaded.
      if (request.channel === "bulk") return this.#unsent(request);
      await pause(waitMs, this.#parts.leaving);
      if (!this.#parts.leaving.aborted) await this.#answer(request, new Map(), null);
    });
  }

  #unsent(request: OpenRequest): void {
    this.#parts.report({ kind: "unsent", request });
  }

  /** Asks for rows whose fate is unknown, then reports. `ended`: what has no result was not written. */
  async #answer(
    request: OpenRequest,
    results: RowResults,
    failure: string | null,
    ended = false,
  ): Promise<void> {
    if (!(await this.#isWhole(request))) return;
    const found = await this.#asking.found(request, results, ended);
    if (found === undefined) return;
    this.#parts.report({ kind: "answered", request, results, found, failure });
  }

  /** Waits until a predecessor's rows without a key can be looked for; false when the loader leaves. */
  async #isWhole(request: OpenRequest): Promise<boolean> {
    const { leaving } = this.#parts;
    if (request.adopted && request.groups.some(({ plan }) => needsContent(plan))) {
      const left = new Promise<void>((resolve) => {
        if (leaving.aborted) resolve();
        leaving.addEventListener("abort", () => resolve(), { once: true });
      });
      await Promise.race([this.#whole.get(request.id), left]);
    }
    return !leaving.aborted;
  }

  /** Whether a job went on although its upload reported an error; an open one is aborted. */
  async #stillRuns(jobId: string): Promise<boolean> {
    const job = await this.#persist(() => this.#jobs.jobState(jobId));
    if (job === undefined) return true;
    if (job.state !== "open") return job.state !== "missing" && job.state !== "aborted";
    await this.#persist(() => this.#jobs.abortJob(jobId));
    return false;
  }

  /** Repeats a read while the destination is away; undefined when the loader leaves. */
  async #persist<T>(work: () => Promise<T>): Promise<T | undefined> {
    const { leaving } = this.#parts;
    for (let waitMs = 250; !leaving.aborted; waitMs = Math.min(15_000, waitMs * 2)) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof CutoverError) || error.disposition !== "retry") throw error;
        await pause(waitMs, leaving);
      }
    }
    return undefined;
  }

  #run(request: OpenRequest, work: () => Promise<void>): void {
    const task = work().catch((error: unknown) => {
      this.#parts.report({ kind: "failed", request, error });
    });
    this.#tasks.add(task);
    void task.finally(() => this.#tasks.delete(task));
  }

  /** Resolves when no task is under way. */
  async ended(): Promise<void> {
    await Promise.all(this.#tasks);
  }
}

/** Whether asking for a row takes what was sent: without a key, or to compare a file's bytes. */
function needsContent(plan: ObjectPlan): boolean {
  return isKeyless(plan) || plan.fields.some(({ type }) => type === "file");
}

function tooLate(request: OpenRequest): boolean {
  return performance.now() - request.committedAt > leaveWithinMs;
}

function isLost(error: unknown): boolean {
  return error instanceof CutoverError && error.code === "SINK_REPLY_LOST";
}

/** The job was not closed, so whatever became of the upload, nothing was written. */
function asRetry(error: unknown): unknown {
  if (!isLost(error) || !(error instanceof CutoverError)) return error;
  return new CutoverError("SINK_UNAVAILABLE", error.message, { cause: error });
}
