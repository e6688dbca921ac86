import { CutoverError } from "../../pipeline/core/errors.ts";
import { failpoint } from "../../pipeline/stage/failpoint.ts";
import { pause } from "../../pipeline/stage/stage.ts";
import type { RowResults } from "../sink.ts";
import { Jobs } from "./jobs.ts";
import { type OpenRequest, sinkGroups } from "./requests.ts";
import { UnderWay, type UnderWayParts } from "./under-way.ts";

/** Sends requests and waits for their answers, beside the loop; changes nothing of the loader. */
export class Submitter {
  readonly #parts: UnderWayParts;
  readonly #underWay: UnderWay;
  readonly #jobs: Jobs;

  constructor(parts: UnderWayParts) {
    this.#parts = parts;
    this.#underWay = new UnderWay(parts);
    this.#jobs = new Jobs(parts, this.#underWay);
  }

  /** A successor asks for what we have sent so long after it has fenced us: later nothing leaves. */
  readonly #mayLeave = (): boolean => {
    const { leaving, provenAt, leaveWithinMs } = this.#parts;
    return !leaving.aborted && performance.now() - provenAt() <= leaveWithinMs;
  };

  /** Sends a committed request of few rows. */
  sendSmall(request: OpenRequest): void {
    this.#underWay.run(request, async () => {
      if (this.#underWay.isTooLate(request)) return this.#underWay.unsent(request);
      const results = await this.#sent(request);
      failpoint("loader.sent");
      await this.#underWay.answer(request, results, null);
    });
  }

  async #sent(request: OpenRequest): Promise<RowResults> {
    try {
      return await this.#parts.sink.send(sinkGroups(request), this.#mayLeave);
    } catch (error) {
      if (error instanceof CutoverError && error.code === "SINK_REPLY_LOST") return new Map();
      throw error;
    }
  }

  /** Creates the job of a committed request. */
  openJob(request: OpenRequest): void {
    this.#underWay.run(request, () => this.#jobs.open(request));
  }

  /** Uploads a job whose id is committed, and waits for its end. */
  upload(request: OpenRequest): void {
    this.#underWay.run(request, () => this.#jobs.upload(request));
  }

  /**
   * Takes up a predecessor's request after the wait that makes its silence final; `whole` resolves
   * when what it sent has been read again.
   */
  adopt(request: OpenRequest, whole: Promise<void>): void {
    const { sink, leaving, leaveWithinMs } = this.#parts;
    this.#underWay.adopted(request, whole);
    this.#underWay.run(request, async () => {
      if (request.jobId !== null) return this.#jobs.follow(request);
      // Without a committed job id nothing was uploaded.
      if (request.channel === "bulk") return this.#underWay.unsent(request);
      await pause(leaveWithinMs + sink.limits.timeoutMs, leaving);
      if (!leaving.aborted) await this.#underWay.answer(request, new Map(), null);
    });
  }

  /** What has come of a request is settled. */
  closed(request: OpenRequest): void {
    this.#jobs.closed(request);
  }

  /** Resolves when no task is under way. */
  ended(): Promise<void> {
    return this.#underWay.ended();
  }
}
