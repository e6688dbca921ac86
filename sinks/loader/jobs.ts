import { CutoverError } from "../../pipeline/core/errors.ts";
import { failpoint } from "../../pipeline/stage/failpoint.ts";
import { pause } from "../../pipeline/stage/stage.ts";
import type { BulkJobs, JobState, RowResult, SinkGroup } from "../sink.ts";
import { PollPace } from "./poll-pace.ts";
import { type OpenRequest, sinkGroups } from "./requests.ts";
import { Turn } from "../turn.ts";
import type { UnderWay, UnderWayParts } from "./under-way.ts";

/** News of one job may let another be looked at sooner. */
const mostPauseMs = 250;

/** Bulk jobs of committed requests, from their creation to their results. */
export class Jobs {
  readonly #parts: UnderWayParts;
  readonly #underWay: UnderWay;
  readonly #pace = new PollPace();
  /** Results of one job at a time, until they are settled: thousands of rows have one each. */
  readonly #turn: Turn<OpenRequest>;

  constructor(parts: UnderWayParts, underWay: UnderWay) {
    this.#parts = parts;
    this.#underWay = underWay;
    this.#turn = new Turn(parts.leaving);
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
  async open(request: OpenRequest): Promise<void> {
    if (this.#underWay.isTooLate(request)) return this.#underWay.unsent(request);
    const { plan, operation } = request.groups[0] as OpenRequest["groups"][number];
    const jobId = await this.#jobs.openJob({ plan, operation });
    failpoint("loader.job_created");
    this.#parts.report({ kind: "job_created", request, jobId });
  }

  /** Uploads a job whose id is committed, and waits for its end. */
  async upload(request: OpenRequest): Promise<void> {
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
  }

  /** Waits for the end of a job that is closed, also a predecessor's. */
  async follow(request: OpenRequest): Promise<void> {
    const underWay = this.#underWay;
    const jobId = request.jobId as string;
    for (;;) {
      const job = await this.#look(request, jobId);
      if (job === undefined) return;
      if (job.state === "missing") return underWay.answer(request, new Map(), null);
      if (job.state === "open") {
        await underWay.persist(() => this.#jobs.abortJob(jobId));
        continue;
      }
      // An aborted job that began nothing has no result files.
      const none = job.state === "aborted" && job.processed === 0;
      // Results without a key are matched by what was sent.
      if (!(await underWay.isWhole(request))) return;
      // A predecessor's is settled when its rows have been read again: nobody waits for that.
      if (!request.adopted) await this.#turn.take(request);
      const [group] = sinkGroups(request) as [SinkGroup];
      const results = none
        ? new Map<string, RowResult>()
        : await underWay.persist(() => this.#jobs.jobResults(jobId, group));
      if (results === undefined) return;
      const failure = job.state === "done" ? null : (job.message ?? `job ${job.state}`);
      // What an ended job did not process was not written; an aborted one may have begun.
      return underWay.answer(request, results, failure, job.state !== "aborted");
    }
  }

  /** What has come of the request is settled. */
  closed(request: OpenRequest): void {
    this.#turn.free(request);
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
        job = await this.#underWay.persist(() => this.#jobs.jobState(jobId));
        if (job?.state !== "uploaded" && job?.state !== "running") return job;
        this.#pace.runs(followed, performance.now());
      }
    } finally {
      // When a predecessor closed its job is not known.
      const tells = job?.state === "done" && !request.adopted;
      this.#pace.ended(followed, performance.now(), tells);
    }
  }

  /** Whether a job went on although its upload reported an error; an open one is aborted. */
  async #stillRuns(jobId: string): Promise<boolean> {
    const { persist } = this.#underWay;
    const job = await persist(() => this.#jobs.jobState(jobId));
    if (job === undefined) return true;
    if (job.state !== "open") return job.state !== "missing" && job.state !== "aborted";
    await persist(() => this.#jobs.abortJob(jobId));
    return false;
  }
}

/** The job was not closed, so whatever became of the upload, nothing was written. */
function asRetry(error: unknown): unknown {
  if (!(error instanceof CutoverError) || error.code !== "SINK_REPLY_LOST") return error;
  return new CutoverError("SINK_UNAVAILABLE", error.message, { cause: error });
}
