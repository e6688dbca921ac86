import { type Choice, type ChoiceSettings, type Moment, shardsOf } from "./choice.ts";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Operation, SinkRow } from "../sink.ts";
import { Lanes } from "./lanes.ts";
import { ReadyQueue } from "./ready-queue.ts";
import { fillsRoom, isFull, type Room, roomLeft } from "./sharded-rows.ts";
import type { Ready } from "./taken.ts";

/** How long rows wait for more of them while more are on their way. */
const smallPatienceMs = 5000;
const bulkPatienceMs = 10_000;
/** How long, behind the end of the last request, where rows that open ones hold back would fill one with them. */
const heldPatienceMs = 20_000;
/** Files of one request: it is answered when the last of them stands there. */
const mostFiles = 100;
/** Bytes of a small request's records: each is several times that in memory on its way. */
export const mostBytes = 4 * 1024 * 1024;

const nobody: ReadonlySet<number> = new Set();

/** Whether a bulk job can carry a row. */
type Bulkable = (plan: ObjectPlan, operation: Operation, row: SinkRow) => boolean;

/** Rows ready to be sent, by mapping and operation. */
export class ReadyRows {
  readonly lanes: Lanes;
  readonly #queues = new Map<string, ReadyQueue>();
  readonly #settings: ChoiceSettings;
  readonly #limits: { readonly bulkRows: number; readonly smallRows: number };
  readonly #bulkable: Bulkable | undefined;

  /** `bulkable` is absent where the destination has no bulk jobs. */
  constructor(
    settings: ChoiceSettings,
    limits: { readonly bulkRows: number; readonly smallRows: number },
    bulkable: Bulkable | undefined,
  ) {
    this.#settings = settings;
    this.#limits = limits;
    this.#bulkable = bulkable;
    this.lanes = new Lanes(settings.lanes);
  }

  /** Whether a bulk job can carry the row. */
  add(ready: Ready): boolean {
    const { plan } = ready.taken;
    const bulkable = this.#bulkable?.(plan, ready.operation, ready.row) ?? false;
    this.#queueOf(ready).add(ready, bulkable);
    return bulkable;
  }

  remove(ready: Ready): void {
    this.#queueOf(ready).remove(ready);
  }

  get size(): number {
    let size = 0;
    for (const queue of this.#queues.values()) size += queue.size;
    return size;
  }

  /** A bulk job's rows, where enough are ready. */
  chooseBulk(moment: Moment): Choice | undefined {
    for (const queue of this.#queues.values()) {
      if (!this.#mayOpenJob(queue, moment)) continue;
      const { plan, operation } = queue;
      const busy = this.lanes.busyShards(plan.object);
      const { bulkRows } = this.#limits;
      // Only where another job must come anyway, rows of a parent this one holds stay behind.
      const more = moment.behind || queue.waiting(busy).rows > bulkRows * this.lanes.free(plan);
      const { rows, taken } = queue.takeBulk(busy, bulkRows, more);
      return { channel: "bulk", groups: [{ plan, operation, rows }], shards: taken, files: false };
    }
    return undefined;
  }

  /**
   * Few jobs of many rows cost less than many of few: while more are coming, every lane's job fills. More
   * come to be free, too, with the jobs that hold their parents.
   */
  #mayOpenJob(queue: ReadyQueue, { now, behind, full, open }: Moment): boolean {
    const { plan, operation } = queue;
    const { lanes } = this;
    const { bulkThreshold } = this.#settings;
    const { bulkRows } = this.#limits;
    const free = lanes.free(plan);
    if (queue.size < bulkThreshold || free <= 0) return false;
    const { rows: count, since } = queue.waiting(lanes.busyShards(plan.object));
    if (count < bulkThreshold || !open(plan, operation)) return false;
    const fills = count >= bulkRows;
    // Full hands bring no more, and empty by themselves while a job is open.
    const stuck = full && (fills || lanes.jobs(plan.object) === 0);
    if (stuck || count >= bulkRows * free) return true;
    const waitedMs = now - Math.max(since, lanes.freedAt(plan.object));
    if (behind) return waitedMs >= bulkPatienceMs;
    const held = queue.waiting(nobody).rows > count;
    return fills || !held || waitedMs >= smallPatienceMs;
  }

  /** A small request's rows, when it is full or the oldest has waited long enough; files apart. */
  chooseSmall(moment: Moment, files: boolean): Choice | undefined {
    const ofOne = this.#bulkable === undefined && !files && (moment.behind || this.#areMany());
    return ofOne ? this.#chooseOfOne(moment) : this.#chooseMixed(moment, files);
  }

  /** Whether rows of one mapping fill a request, held back or not. */
  #areMany(): boolean {
    return [...this.#queues.values()].some((queue) => !queue.files && this.#isMuch(queue));
  }

  /** Whether its rows fill a request, held back or not. */
  #isMuch({ size, bytes }: ReadyQueue): boolean {
    return fillsRoom({ rows: size, bytes }, this.#room(false));
  }

  /**
   * Without bulk jobs many rows go by full requests of one mapping and operation each, several at once.
   * What does not fill one waits, unless nothing else could make room for more.
   */
  #chooseOfOne(moment: Moment): Choice | undefined {
    const stuck = moment.full && this.lanes.quiet;
    for (const queue of this.#queues.values()) {
      if (!this.#mayTake(queue, moment, false)) continue;
      const waiting = queue.waitingSmall(this.lanes.held);
      const due = stuck || moment.now >= this.#dueOf(queue, waiting.since, moment);
      const room = this.#room(false);
      if (!fillsRoom(waiting, room) && !(due && waiting.rows > 0)) continue;
      const { plan, operation } = queue;
      const { rows, taken } = queue.takeSmall(this.lanes.held, room);
      return { channel: "small", groups: [{ plan, operation, rows }], shards: taken, files: false };
    }
    return undefined;
  }

  /** When few rows go all the same: what the open requests hold back comes free with their ends. */
  #dueOf(queue: ReadyQueue, since: number, { behind }: Moment): number {
    if (!this.#isMuch(queue)) return since + (behind ? smallPatienceMs : this.#settings.flushMs);
    return Math.max(since, this.lanes.smallFreedAt) + heldPatienceMs;
  }

  #room(files: boolean): Room {
    return { rows: files ? mostFiles : this.#limits.smallRows, bytes: mostBytes };
  }

  #mayTake(queue: ReadyQueue, moment: Moment, files: boolean): boolean {
    const { plan, operation } = queue;
    if (queue.size === 0 || queue.files !== files) return false;
    return this.lanes.mayShare(plan) && moment.open(plan, operation);
  }

  #chooseMixed(moment: Moment, files: boolean): Choice | undefined {
    const groups: Choice["groups"][number][] = [];
    let room = this.#room(files);
    let due = Number.POSITIVE_INFINITY;
    for (const queue of this.#queues.values()) {
      if (isFull(room) || !this.#mayTake(queue, moment, files)) continue;
      const { plan, operation } = queue;
      const patient = moment.behind || this.lanes.jobs(plan.object) > 0;
      const rows = this.#few(queue, moment.bulk && patient, files ? nobody : this.lanes.held, room);
      room = roomLeft(room, rows);
      const { flushMs } = this.#settings;
      const waitMs = patient ? Math.max(flushMs, smallPatienceMs) : flushMs;
      for (const { readyAt } of rows) due = Math.min(due, readyAt + waitMs);
      if (rows.length > 0) groups.push({ plan, operation, rows });
    }
    // While more are coming even a full call waits: many calls of few cost more than one job of many.
    const waits = (!isFull(room) || (moment.bulk && moment.behind)) && due > moment.now;
    if (groups.length === 0 || (waits && !moment.full)) return undefined;
    for (const { rows } of groups) for (const row of rows) this.remove(row);
    return { channel: "small", groups, shards: files ? nobody : shardsOf(groups), files };
  }

  /** Rows of a queue for a small call; what is many enough is left to a bulk job that will come. */
  #few(
    queue: ReadyQueue,
    bulkWillCome: boolean,
    held: ReadonlySet<number>,
    room: Room,
  ): readonly Ready[] {
    const busy = this.lanes.busyShards(queue.plan.object);
    const many = bulkWillCome && queue.waiting(busy).rows >= this.#settings.bulkThreshold;
    return many ? queue.unbulkable(held, room) : queue.few(busy, held, room);
  }

  #queueOf({ taken, operation, files }: Ready): ReadyQueue {
    const name = `${taken.plan.object}|${taken.plan.entity}|${operation}|${files}`;
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = new ReadyQueue(taken.plan, operation, files);
      this.#queues.set(name, queue);
    }
    return queue;
  }
}
