import { CutoverError } from "../../pipeline/core/errors.ts";
import type { Plan } from "../../pipeline/core/plan.ts";
import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import { type ControlFollower, followControl } from "../../pipeline/kafka/control.ts";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { pause, type Stage } from "../../pipeline/stage/stage.ts";
import type { Sink } from "../sink.ts";
import { FastLane } from "./fast-lane.ts";
import { type ObservedWriter, openObservedWriter } from "./observed-writer.ts";
import { objectPlans } from "../object-plans.ts";
import { Orders } from "./orders.ts";
import { recheck } from "./recheck.ts";
import { sweep } from "./sweep.ts";
import { readWatermarks } from "./watermark.ts";

/** What the observer works with. */
export interface ObserverOptions {
  readonly stage: Stage;
  readonly connection: KafkaConnection;
  readonly migration: string;
  readonly plan: Plan;
  readonly planHash: string;
  readonly sink: Sink;
  /** How often the fast lane reads what has changed. */
  readonly intervalMs: number;
}

const idleMs = 100;
const retryMs = 2000;

/**
 * Reads what the destination holds into `observed` until the stage is stopped: what changed since
 * (while no first load is running: a wave ends with a sweep), whole sweeps and single keys on order.
 */
export async function runObserver(options: ObserverOptions): Promise<void> {
  const { stage, connection, migration } = options;
  const control = await followControl(connection, migration);
  await control.catchUp();
  if (control.state.get("plan", "plan")?.hash !== options.planHash) {
    await control.close();
    throw new CutoverError(
      "PLAN_NOT_CONFIRMED",
      "The plan in this folder is not the one that was confirmed: run `cutover map --confirm`.",
    );
  }
  const writer = await openObservedWriter({
    ...{ stage, connection, migration },
    objects: objectPlans(options.plan).map(({ object }) => object),
  });
  stage.log.info({ event: "observer_opened" });
  try {
    await observe(options, control, writer);
  } finally {
    await writer.close();
    await control.close();
    await closeWatermarks();
  }
}

async function observe(options: ObserverOptions, control: ControlFollower, writer: ObservedWriter) {
  const { stage, connection, migration } = options;
  const orders = new Orders(control.state);
  const fast = new FastLane(options, writer, await readWatermarks(connection, migration));
  while (!stage.stopping.aborted) {
    try {
      orders.take(await control.poll());
      const worked =
        (await carryOut(options, orders, writer)) || (await fast.readIfDue(control.state));
      if (!worked) await pause(idleMs, stage.stopping);
    } catch (error) {
      if (!(error instanceof CutoverError) || error.disposition === "stop") throw error;
      stage.log.warn({ event: "read_back_failed", code: error.code, reason: error.message });
      await pause(retryMs, stage.stopping);
    }
  }
}

/** Carries out one order, if there is one: questions first, they are short. */
async function carryOut(
  options: ObserverOptions,
  orders: Orders,
  writer: ObservedWriter,
): Promise<boolean> {
  const question = orders.nextRecheck();
  if (question !== undefined) {
    await recheck(options, writer, question);
    orders.endRecheck(question.name);
    return true;
  }
  const order = orders.nextSweep();
  if (order === undefined) return false;
  if (await sweep(options, writer, order)) orders.endSweep(order.name);
  return true;
}
