import { isLookup, type Values } from "../rows/row.ts";
import { ApiError, badArgument } from "../web/api-error.ts";
import type { Call, Reply, Resource } from "../web/call.ts";
import { draftOf } from "../write/payload.ts";
import { writerOf } from "../write/writer.ts";
import { closeActivity } from "./rules/close-activity.ts";

/** WinOpportunity and LoseOpportunity: the only way to close one. */
export const closeResources: readonly Resource[] = [
  { name: "WinOpportunity", handle: (call) => close(call, 1) },
  { name: "LoseOpportunity", handle: (call) => close(call, 2) },
];

function close(call: Call, state: 1 | 2): Reply {
  const { env, caller, contentIds } = call;
  if (call.method !== "POST") throw new ApiError(405, "0x80060888", "The action takes POST only.");
  const given = (call.body ?? {}) as Record<string, unknown>;
  const context = contentIds === undefined ? { env } : { env, contentIds };
  const table = env.model.known("opportunityclose");
  const { id, values } = draftOf(context, table, given["OpportunityClose"], "create");
  const lookup = values["opportunityid"];
  if (!isLookup(lookup)) throw badArgument("The opportunity of the OpportunityClose is missing.");
  const writer = writerOf(env, caller);
  const row = writer.read("opportunity", lookup.id);
  if (row.values["statecode"] !== 0)
    throw new ApiError(400, "0x80040515", "The opportunity is already closed.");
  const closing = {
    ...closingOf(values, writer.now),
    statecode: state,
    ...statusOf(given["Status"]),
  };
  const after = writer.update(row, closing, { internal: true });
  const statuscode = after.values["statuscode"] ?? null;
  const said = { ...values, opportunitystatecode: state, opportunitystatuscode: statuscode };
  closeActivity(writer, after, said, id);
  return { status: 204 };
}

function statusOf(status: unknown): Values {
  if (status === undefined || status === -1) return {};
  if (typeof status !== "number") throw badArgument("The parameter Status is no number.");
  return { statuscode: status };
}

function closingOf(values: Values, now: string): Values {
  const end = values["actualend"];
  const revenue = values["actualrevenue"];
  return {
    actualclosedate: (typeof end === "string" ? end : now).slice(0, 10),
    ...(typeof revenue === "number" ? { actualvalue: revenue } : {}),
  };
}
