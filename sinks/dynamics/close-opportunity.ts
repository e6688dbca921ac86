import type { SinkGroup } from "../sink.ts";
import { type BatchUnit, sendBatch } from "./batch.ts";
import { refuseForUs } from "./call-faults.ts";
import { openRequest, standingOpportunities, type StandingOpportunity, tableOf } from "./closed.ts";
import { type Closing, closingOf, closingRequest } from "./closing.ts";
import { codes, isCode, type Refusal, refused, type ServiceError } from "./errors.ts";
import type { BatchRequest } from "./multipart.ts";
import type { RowForm } from "./row-form.ts";
import type { SendParts } from "./send-parts.ts";
import { type ApiRow, standingRows } from "./standing.ts";
import type { Outcomes } from "./write.ts";

/** How often rows are read again because somebody came between. */
const mostAttempts = 6;
const mostOfBatch = 30;
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
  let waiting = closings;
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
): Promise<Closing[]> {
  const left: Closing[] = [];
  for (let at = 0; at < closings.length; at += mostOfBatch) {
    const units = new Map<BatchUnit, Closing>();
    for (const closing of closings.slice(at, at + mostOfBatch)) {
      units.set({ requests: [closingRequest(closing, headers)], rowId: closing.write.id }, closing);
    }
    for (const [unit, reply] of await sendBatch(client, [...units.keys()])) {
      const closing = units.get(unit) as Closing;
      if (reply.done) outcomes.done(closing.write);
      else if (isCode(reply.error, codes.alreadyClosed)) left.push(closing);
      else fail({ client }, closing, reply.error, outcomes);
    }
  }
  return left;
}

function fail(
  { client }: Pick<SendParts, "client">,
  { write }: Closing,
  error: ServiceError,
  outcomes: Outcomes,
): void {
  refuseForUs(client, error, null);
  outcomes.failed(write, error);
}

/** One round over closings that have to be read first; what somebody came between in is returned. */
async function closeAnew(
  parts: SendParts,
  closings: readonly Closing[],
  outcomes: Outcomes,
): Promise<Closing[]> {
  const { client } = parts;
  const left: Closing[] = [];
  for (let at = 0; at < closings.length; at += mostOfBatch) {
    const some = closings.slice(at, at + mostOfBatch);
    const standing = await standingOf(client, some);
    const units = new Map<BatchUnit, Closing>();
    for (const closing of some) {
      const requests = await requestsFor(parts, closing, standing, outcomes);
      if (requests !== undefined)
        units.set({ requests, rowId: rowIdOf(closing, standing) }, closing);
    }
    if (units.size === 0) continue;
    for (const [unit, reply] of await sendBatch(client, [...units.keys()])) {
      const closing = units.get(unit) as Closing;
      if (reply.done) outcomes.done(closing.write);
      else if (isPassing(reply.error)) left.push(closing);
      else fail({ client }, closing, reply.error, outcomes);
    }
  }
  return left;
}

function isPassing(error: ServiceError): boolean {
  return isCode(error, codes.versionDiffers, codes.alreadyClosed, codes.readOnly, codes.notThere);
}

interface Standing {
  readonly closes: ReadonlyMap<string, ApiRow>;
  readonly opportunities: ReadonlyMap<string, StandingOpportunity>;
}

/** The closings' activities that stand there, and their opportunities. */
async function standingOf(
  client: SendParts["client"],
  closings: readonly Closing[],
): Promise<Standing> {
  const table = await tableOf(client, "opportunityclose");
  const ids = closings.map(({ write }) => write.id);
  const closes = await standingRows(client, table, ids, ["_opportunityid_value"]);
  const named = closings.flatMap((closing) => opportunityIdOf(closing, closes) ?? []);
  return { closes, opportunities: await standingOpportunities(client, [...new Set(named)]) };
}

function opportunityIdOf({ write }: Closing, closes: Standing["closes"]): string | undefined {
  const named = write.row.fields["opportunityid"];
  const stood = closes.get(write.id.toLowerCase())?.["_opportunityid_value"];
  const id = typeof named === "string" ? named : stood;
  return typeof id === "string" ? id.toLowerCase() : undefined;
}

function rowIdOf(closing: Closing, { closes }: Standing): string {
  return opportunityIdOf(closing, closes) ?? closing.write.id;
}

/** What a closing takes as things stand; undefined where its row is settled without a write. */
async function requestsFor(
  { client, headers }: SendParts,
  closing: Closing,
  { closes, opportunities }: Standing,
  outcomes: Outcomes,
): Promise<readonly BatchRequest[] | undefined> {
  const { write } = closing;
  const stands = closes.has(write.id.toLowerCase());
  if (write.operation === "insert" && stands) {
    outcomes.failed(write, duplicate);
    return undefined;
  }
  const opportunity = opportunities.get(opportunityIdOf(closing, closes) ?? "");
  if (write.operation !== "insert" && !stands) {
    outcomes.settle(write, { kind: "gone", destinationId: write.id });
    return undefined;
  }
  if (opportunity === undefined) {
    outcomes.failed(write, parentGone);
    return undefined;
  }
  const table = await tableOf(client, "opportunity");
  const requests: BatchRequest[] = [];
  if (opportunity.statecode !== 0) requests.push(openRequest(table, opportunity, headers));
  const path = `${write.form.table.set}(${write.id})`;
  if (stands) requests.push({ method: "DELETE", path, headers });
  if (write.operation !== "delete") requests.push(closingRequest(closing, headers));
  return requests;
}

const duplicate: ServiceError = {
  status: 412,
  code: codes.duplicateId,
  message: "This closing stands there already.",
};

const parentGone: ServiceError = {
  status: 404,
  code: codes.notThere,
  message: "The opportunity is not there.",
};
