import type { BatchUnit } from "./batch.ts";
import type { DynamicsClient } from "./client.ts";
import { openRequest, standingOpportunities, type StandingOpportunity, tableOf } from "./closed.ts";
import { type Closing, closingRequest } from "./closing.ts";
import { codes, type ServiceError } from "./errors.ts";
import type { BatchRequest } from "./multipart.ts";
import type { SendParts } from "./send-parts.ts";
import { type ApiRow, standingRows } from "./standing.ts";
import type { Outcomes } from "./write.ts";

/** What stands there of some closings. */
export interface Standing {
  readonly closes: ReadonlyMap<string, ApiRow>;
  readonly opportunities: ReadonlyMap<string, StandingOpportunity>;
}

/** Reads the closings' activities and their opportunities. */
export async function standingOf(
  client: DynamicsClient,
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

/** What a closing takes as things stand; undefined where its row is settled without a write. */
export async function closingUnit(
  { client, headers }: SendParts,
  closing: Closing,
  standing: Standing,
  outcomes: Outcomes,
): Promise<BatchUnit | undefined> {
  const { write } = closing;
  const { closes, opportunities } = standing;
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
  // The first answer names the opportunity, where it was opened.
  return { requests, rowId: opportunity.id };
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
