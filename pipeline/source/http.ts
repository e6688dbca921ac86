import { CutoverError } from "../core/errors.ts";
import type { Stage } from "../stage/stage.ts";
import { pause } from "../stage/stage.ts";
import { Auth, type AuthHeaders } from "./auth.ts";
import { Budget } from "./budget.ts";
import type { SourceSettings } from "./source-schema.ts";
import { failureOf } from "./http-failure.ts";
import { type Action, actionOf, type Reply } from "./reply.ts";
import { BrokenOff, type FileReply, Transport } from "./transport.ts";

/** A file that is asked for. */
export interface FileAsked {
  readonly url: URL;
  /** The credentials of the source go along: only to the source itself. */
  readonly authorised: boolean;
  readonly signal: AbortSignal;
}

/** Reads from the source: credentials, budget, time-outs and retries are kept here. */
export interface SourceHttp {
  /**
   * GETs a path of the source; replies other than 2xx and 404 end in an error: SOURCE_UNAVAILABLE
   * after the retries, SOURCE_AUTH_REFUSED, SOURCE_SCOPE_MISSING, PROFILE_INVALID for a request the
   * source does not understand, PagingAsked.
   */
  get(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Reply>;
  /**
   * GETs a file under the same budget, without credentials unless it is asked for with them;
   * `take` is given every reply but those that ask to come again. SOURCE_UNAVAILABLE after the
   * retries.
   */
  file<T>(asked: FileAsked, take: (reply: FileReply) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Fresh credentials refused more often are no use; outages between do not count. */
const refusalsBorne = 2;

const connectionFault = /^(UND_ERR_|ECONN|ENOTFOUND$|EAI_AGAIN$|EPIPE$|ETIMEDOUT$|EHOST|ENET)/;

/** Opens the source of a profile. */
export function openHttp(
  source: SourceSettings,
  stage: Pick<Stage, "log" | "metrics">,
): SourceHttp {
  return new Client(source, stage);
}

class Client implements SourceHttp {
  readonly #source: SourceSettings;
  readonly #stage: Pick<Stage, "log" | "metrics">;
  readonly #transport: Transport;
  readonly #budget: Budget;
  readonly #auth: Auth;
  readonly #action: (reply: Reply) => Action;

  constructor(source: SourceSettings, stage: Pick<Stage, "log" | "metrics">) {
    this.#source = source;
    this.#stage = stage;
    const { timeout, rate_limit } = source;
    this.#transport = new Transport(timeout, rate_limit.concurrency);
    this.#budget = new Budget(rate_limit, { now: () => performance.now(), wait: pause });
    this.#auth = new Auth(source, async (url, form, headers) => {
      const reply = await this.#transport.post(url, form, headers);
      this.#count(reply.status);
      return reply;
    });
    this.#action = actionOf(source.error_handler);
  }

  async get(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal) {
    const url = new URL(this.#source.base_url.replace(/\/$/, "") + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const { max_retries } = this.#source.error_handler;
    let last = "";
    let refusals = 0;
    for (let attempt = 0; attempt <= max_retries; attempt++) {
      if (attempt > 0) await this.#backOff(attempt, signal);
      signal.throwIfAborted();
      const auth = await this.#auth.headers();
      const reply = await this.#try(url, auth, signal);
      if (typeof reply === "string") {
        last = reply;
        continue;
      }
      const action = this.#action(reply);
      if (action === "SUCCESS" || action === "IGNORE") return reply;
      last = `status ${reply.status}`;
      if (action === "REFRESH_TOKEN_THEN_RETRY") this.#refused(auth, path, ++refusals);
      else if (action === "RATE_LIMITED") this.#throttled(reply);
      else if (action !== "RETRY") throw failureOf(action, reply, path);
    }
    throw new CutoverError(
      "SOURCE_UNAVAILABLE",
      `The source did not answer ${path} in ${max_retries + 1} attempts (${last}).`,
    );
  }

  async file<T>(asked: FileAsked, take: (reply: FileReply) => Promise<T>) {
    const { max_retries } = this.#source.error_handler;
    const { url, signal } = asked;
    let refusals = 0;
    for (let attempt = 0; attempt <= max_retries; attempt++) {
      if (attempt > 0) await this.#backOff(attempt, signal);
      const auth = asked.authorised ? await this.#auth.headers() : undefined;
      const again = (status: number): boolean =>
        [408, 429].includes(status) ||
        status >= 500 ||
        (status === 401 && auth !== undefined && this.#renewed(auth, ++refusals));
      const taken = await this.#tryFile(asked, { auth, again }, take);
      if (taken !== undefined) return taken.value;
    }
    throw new CutoverError("SOURCE_UNAVAILABLE", `A file of ${url.host} cannot be fetched.`);
  }

  /** One attempt at a file; undefined where it is worth another. */
  async #tryFile<T>(
    { url, signal }: FileAsked,
    { auth, again }: { auth: AuthHeaders | undefined; again: (status: number) => boolean },
    take: (reply: FileReply) => Promise<T>,
  ) {
    const release = await this.#budget.take(signal);
    try {
      return await this.#transport.file({ url, headers: auth ?? {}, signal }, async (reply) => {
        this.#count(reply.status);
        if (reply.status === 429 || reply.status === 503) this.#throttled(reply);
        return again(reply.status) ? undefined : { value: await take(reply) };
      });
    } catch (error) {
      signal.throwIfAborted();
      // What is neither the connection's nor undici's own fault is ours: a full disk, a limit.
      const code = String((error as { code?: unknown }).code ?? "");
      if (!(error instanceof BrokenOff) && !connectionFault.test(code)) throw error;
      this.#count("failed");
      return undefined;
    } finally {
      release();
    }
  }

  /** One attempt; a text says why there is no reply. */
  async #try(url: URL, auth: Readonly<Record<string, string>>, signal: AbortSignal) {
    const release = await this.#budget.take(signal);
    try {
      const reply = await this.#transport.get(url, auth, signal);
      this.#budget.heed(reply);
      this.#count(reply.status);
      return reply;
    } catch (error) {
      if (signal.aborted) throw error;
      this.#count("failed");
      return (error as { code?: string }).code ?? (error as Error).message;
    } finally {
      release();
    }
  }

  #count(status: number | string): void {
    const label = typeof status === "number" ? `${Math.floor(status / 100)}xx` : status;
    this.#stage.metrics.calls.inc({ system: "source", api: "rest", status: label });
  }

  #refused(auth: AuthHeaders, path: string, refusals: number): void {
    if (this.#renewed(auth, refusals)) return;
    throw new CutoverError(
      "SOURCE_AUTH_REFUSED",
      `The source refuses our credentials for ${path}: check source.auth of the profile with the tenant's admin.`,
    );
  }

  /** Refused credentials are fetched anew, a few times; false where that is no use. */
  #renewed(auth: AuthHeaders, refusals: number): boolean {
    if (!this.#auth.renewable || refusals > refusalsBorne) return false;
    this.#auth.refused(auth);
    return true;
  }

  /** Everyone waits as long as the source says, within bounds. */
  #throttled(reply: Pick<Reply, "header" | "serverTime"> | FileReply): void {
    const rule = this.#source.error_handler.wait_time_from_header;
    const text = rule === undefined ? undefined : reply.header(rule.header);
    if (rule === undefined || text === undefined) return;
    const now = "serverTime" in reply ? reply.serverTime : Date.now();
    const asked = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
    const ms = Math.min(Number.isNaN(asked) ? 0 : Math.max(0, asked), rule.max_wait);
    this.#budget.block(ms);
    this.#stage.metrics.throttleSeconds.inc({ system: "source" }, ms / 1000);
  }

  async #backOff(attempt: number, signal: AbortSignal): Promise<void> {
    const { type, initial, max, jitter } = this.#source.error_handler.backoff;
    const ms = type === "constant" ? initial : Math.min(max, initial * 2 ** (attempt - 1));
    await pause(jitter === "full" ? Math.random() * ms : ms, signal);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}
