import { type BatchUnit, sendBatch, type UnitReply } from "./batch.ts";
import { refuseForUs } from "./call-faults.ts";
import { chunksOf } from "./chunks.ts";
import {
  closeRequest,
  openRequest,
  sameClose,
  standingOpportunities,
  type StandingOpportunity,
  tableOf,
} from "./closed.ts";
import { codes, isCode, refused, type ServiceError } from "./errors.ts";
import { inParallel } from "./in-parallel.ts";
import type { BatchRequest } from "./multipart.ts";
import { rowsByOpportunity } from "./opportunity-lines.ts";
import type { SendParts } from "./send-parts.ts";
import { requestsOf, sendSingles } from "./singles.ts";
import type { Outcomes, Write } from "./write.ts";

/** How often rows are read again because somebody came between. */
const mostAttempts = 6;
/** Opportunities of one batch: each takes a handful of operations. */
const mostOfBatch = 20;

/**
 * Writes rows of closed opportunities: each opportunity is opened, changed and closed again as it was,
 * as one change set, so that no crash leaves it open and no reader sees it so. It is opened only if
 * nobody has changed it since it was read; otherwise it is read again.
 */
export async function writeClosed(
  parts: SendParts,
  writes: readonly Write[],
  outcomes: Outcomes,
): Promise<void> {
  let waiting = await rowsByOpportunity(parts.client, writes, outcomes);
  for (let attempt = 0; waiting.size > 0; attempt += 1) {
    const standing = await standingOpportunities(parts.client, [...waiting.keys()]);
    const again = new Map<string, readonly Write[]>();
    const batches = chunksOf([...waiting], mostOfBatch);
    await inParallel(batches, parts.client.parallel, async (some) => {
      const left = await writeSome(parts, some, standing, outcomes);
      for (const [id, rest] of left) again.set(id, rest);
    });
    waiting = again;
    if (attempt + 1 < mostAttempts) continue;
    for (const write of [...waiting.values()].flat()) outcomes.settle(write, contended);
    return;
  }
}

const contended = {
  ...refused(codes.versionDiffers, null, "The closed opportunity was changed by others meanwhile."),
  class: "locked",
} as const;

type Some = readonly (readonly [string, readonly Write[]])[];

/** One batch; what it leaves is to be tried again. */
async function writeSome(
  parts: SendParts,
  some: Some,
  standing: ReadonlyMap<string, StandingOpportunity>,
  outcomes: Outcomes,
): Promise<Some> {
  const units = new Map<BatchUnit, readonly [string, readonly Write[]]>();
  const plain: Write[] = [];
  for (const [id, writes] of some) {
    const opportunity = standing.get(id);
    if (opportunity === undefined || opportunity.statecode === 0) plain.push(...writes);
    else units.set(await reopening(parts, opportunity, writes), [id, writes]);
  }
  // Opened meanwhile, or gone: the service says what that means for each row.
  await sendSingles(parts, plain, outcomes);
  const left: (readonly [string, readonly Write[]])[] = [];
  if (units.size === 0) return left;
  for (const [unit, reply] of await sendBatch(parts.client, [...units.keys()])) {
    const [id, writes] = units.get(unit) as readonly [string, readonly Write[]];
    const rest = await takeReply(parts, unit, reply, writes, outcomes);
    if (rest.length > 0) left.push([id, rest]);
  }
  return left;
}

async function reopening(
  { client, headers }: SendParts,
  opportunity: StandingOpportunity,
  writes: readonly Write[],
): Promise<BatchUnit> {
  const table = await tableOf(client, "opportunity");
  const closes = await tableOf(client, "opportunityclose");
  const { statecode, statuscode, close } = opportunity;
  const requests: BatchRequest[] = [openRequest(table, opportunity, headers)];
  for (const write of writes) requests.push(...requestsOf(write, headers));
  if (close !== undefined) {
    const path = `${closes.set}(${String(close[closes.primaryId])})`;
    requests.push({ method: "DELETE", path, headers });
  }
  const again = sameClose(closes, opportunity);
  requests.push(closeRequest(statecode, statuscode, JSON.stringify(again), headers));
  return { requests, rowId: opportunity.id };
}

/** The rows that are to be tried again. */
async function takeReply(
  parts: SendParts,
  unit: BatchUnit,
  reply: UnitReply,
  writes: readonly Write[],
  outcomes: Outcomes,
): Promise<readonly Write[]> {
  if (reply.done) {
    for (const write of writes) outcomes.done(write);
    return [];
  }
  const { client, headers } = parts;
  const { error, at } = reply;
  refuseForUs(client, error, null);
  const culprit = culpritOf(unit, at, writes, (write) => requestsOf(write, headers).length);
  if (culprit !== undefined) {
    outcomes.failed(culprit, error);
    return writes.filter((write) => write !== culprit);
  }
  if (isPassing(error)) return writes;
  if (writes.length === 1) outcomes.failed(writes[0] as Write, error);
  // Nobody says which row it was: each goes by itself.
  else for (const write of writes) await writeClosed(parts, [write], outcomes);
  return [];
}

/** Somebody came between: changed it, closed it, opened it, or took its close activity away. */
function isPassing(error: ServiceError): boolean {
  return isCode(error, codes.versionDiffers, codes.readOnly, codes.alreadyClosed, codes.notThere);
}

/** The row whose request was refused, where that is said: the first request opens, the last ones close. */
function culpritOf(
  { requests }: BatchUnit,
  at: number | null,
  writes: readonly Write[],
  sizeOf: (write: Write) => number,
): Write | undefined {
  if (at === null || at >= requests.length) return undefined;
  let end = 1;
  for (const write of writes) {
    const begin = end;
    end += sizeOf(write);
    if (at >= begin && at < end) return write;
  }
  return undefined;
}
