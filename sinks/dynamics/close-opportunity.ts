import type { SinkGroup } from "../sink.ts";
import { type BatchUnit, sendBatch } from "./batch.ts";
import { refuseForUs } from "./call-faults.ts";
import { chunksOf } from "./chunks.ts";
import type { DynamicsClient } from "./client.ts";
import { tableOf } from "./closed.ts";
import { type Closing, closingOf, closingRequest } from "./closing.ts";
import { closingUnit, standingOf } from "./closing-unit.ts";
import { codes, isCode, type Refusal, refused, type ServiceError } from "./errors.ts";
import { inParallel } from "./in-parallel.ts";
import type { RowForm } from "./row-form.ts";
import type { SendParts } from "./send-parts.ts";
import type { Outcomes } from "./write.ts";

/** How often rows are read again because somebody came between. */
const mostAttempts = 6;
/** Closings of one batch; where they have to be read each takes a few operations. */
const mostAtOnce = 100;
const mostReadAtOnce = 30;
/** Whether rows of a group are closings of opportunities. */
export function isClosing({ plan }: Pick<SinkGroup, "plan">): boolean {
  return plan.object === "opportunityclose";
}

/**
 * Writes the closings of opportunities. The row is the activity that the action leaves; an opportunity
 * is opened, its activity removed and made anew within one change set, so that no crash leaves it half
 * closed and nobody reads it open in between.
 */
export async function sendClosings(
  parts: SendParts,
  form: RowForm,
  group: SinkGroup,
  outcomes: Outcomes,
): Promise<void> {
  const opportunity = await tableOf(parts.client, "opportunity");
  const closings: Closing[] = [];
  for (const row of group.rows) {
    const closing = closingOf(form, opportunity, group, row);
    if ("kind" in closing) outcomes.refuse(group, row, closing);
    else closings.push(closing);
  }
  let waiting: readonly Closing[] = closings;
  // Open ones are closed at once; only those already closed have to be read.
  if (group.operation === "insert") waiting = await closeOpen(parts, closings, outcomes);
  for (let attempt = 0; waiting.length > 0; attempt += 1) {
    if (attempt === mostAttempts) {
      for (const { write } of waiting) outcomes.settle(write, contended);
      return;
    }
    waiting = await closeAnew(parts, waiting, outcomes);
  }
}

const contended: Refusal = {
  ...refused(codes.versionDiffers, null, "The opportunity was changed by others meanwhile."),
  class: "locked",
};

/** Closes opportunities that are open; those that are not are returned. */
async function closeOpen(
  { client, headers }: SendParts,
  closings: readonly Closing[],
  outcomes: Outcomes,
): Promise<readonly Closing[]> {
  const left: Closing[] = [];
  await inParallel(chunksOf(closings, mostAtOnce), client.parallel, async (some) => {
    const units = new Map<BatchUnit, Closing>();
    for (const closing of some) {
      units.set({ requests: [closingRequest(closing, headers)], rowId: closing.write.id }, closing);
    }
    const isLeft = (error: ServiceError): boolean => isCode(error, codes.alreadyClosed);
    left.push(...(await sendUnits(client, units, isLeft, outcomes)));
  });
  return left;
}

/** One round over closings that have to be read first; what somebody came between in is returned. */
async function closeAnew(
  parts: SendParts,
  closings: readonly Closing[],
  outcomes: Outcomes,
): Promise<readonly Closing[]> {
  const { client } = parts;
  const left: Closing[] = [];
  await inParallel(chunksOf(closings, mostReadAtOnce), client.parallel, async (some) => {
    const standing = await standingOf(client, some);
    const units = new Map<BatchUnit, Closing>();
    for (const closing of some) {
      const unit = await closingUnit(parts, closing, standing, outcomes);
      if (unit !== undefined) units.set(unit, closing);
    }
    left.push(...(await sendUnits(client, units, isPassing, outcomes)));
  });
  return left;
}

/** Sends closings; those whose error says that they are to be tried again are returned. */
async function sendUnits(
  client: DynamicsClient,
  units: ReadonlyMap<BatchUnit, Closing>,
  isLeft: (error: ServiceError) => boolean,
  outcomes: Outcomes,
): Promise<readonly Closing[]> {
  const left: Closing[] = [];
  if (units.size === 0) return left;
  for (const [unit, reply] of await sendBatch(client, [...units.keys()])) {
    const closing = units.get(unit) as Closing;
    if (reply.done) {
      outcomes.done(closing.write);
      continue;
    }
    refuseForUs(client, reply.error, null);
    if (isLeft(reply.error)) left.push(closing);
    else outcomes.failed(closing.write, reply.error);
  }
  return left;
}

function isPassing(error: ServiceError): boolean {
  return isCode(error, codes.versionDiffers, codes.alreadyClosed, codes.readOnly, codes.notThere);
}
