import { failpoint } from "../../pipeline/stage/failpoint.ts";
import type { DynamicsClient } from "./client.ts";
import { type ServiceError, serviceError } from "./errors.ts";
import {
  type BatchRequest,
  batchReplies,
  batchText,
  isMultipart,
  type PartReply,
} from "./multipart.ts";

/** What stands or falls together: one request, or several as a change set. */
export interface BatchUnit {
  readonly requests: readonly BatchRequest[];
  /** Id of the row the first request writes: its answer must name it. */
  readonly rowId: string;
}

/** What became of a unit: done, or refused because of one of its requests, where the service says which. */
export type UnitReply =
  | { readonly done: true }
  | { readonly done: false; readonly error: ServiceError; readonly at: number | null };

/** Statuses that answer a batch as a whole instead of its parts. */
const wholeRefusals = [400, 403, 404, 412, 413];

/**
 * Sends units as one batch; a fault stops none but its own unit. Units missing from the replies are of
 * unknown fate. Answers are known by the Content-ID they carry; where they carry none, by their order,
 * which counts only when there are as many as units and each names the row of its unit.
 */
export async function sendBatch(
  client: DynamicsClient,
  units: readonly BatchUnit[],
  options: { readonly author?: string | null; readonly lane?: string } = {},
): Promise<ReadonlyMap<BatchUnit, UnitReply>> {
  const numbered = units.map(({ requests }, unit) =>
    requests.map((one, at) => ({ ...one, contentId: contentId(unit, at) })),
  );
  const parts = numbered.map((some) => (some.length === 1 ? (some[0] as (typeof some)[0]) : some));
  const { contentType, body } = batchText(parts);
  const reply = await client.call({
    api: "batch",
    method: "POST",
    path: "$batch",
    contentType,
    body,
    headers: { Prefer: "odata.continue-on-error" },
    write: true,
    accept: wholeRefusals,
    ...(options.author == null ? {} : { user: options.author }),
    ...(options.lane === undefined ? {} : { lane: options.lane }),
  });
  failpoint("rows.sent");
  const type = reply.headers["content-type"] ?? "";
  if (isMultipart(type)) return unitReplies(units, batchReplies(type, reply.body));
  const error = serviceError(reply.status, reply.body);
  return new Map(units.map((unit) => [unit, { done: false, error, at: null }]));
}

/** Numbers only: a real service takes no other ids in references. */
function contentId(unit: number, at: number): string {
  return String((unit + 1) * 1000 + at);
}

/** Answers by unit; nothing where they contradict what was sent. */
export function unitReplies(
  units: readonly BatchUnit[],
  answers: readonly (readonly PartReply[])[],
): ReadonlyMap<BatchUnit, UnitReply> {
  const replies = new Map<BatchUnit, UnitReply>();
  for (const [position, answer] of answers.entries()) {
    const named = answer.find((one) => one.contentId !== null)?.contentId;
    const number = named == null ? position : Math.floor(Number(named) / 1000) - 1;
    const unit = units[number];
    if (named == null && answers.length !== units.length) continue;
    if (unit === undefined || replies.has(unit)) return new Map();
    const reply = unitReply(unit, answer);
    if (reply === undefined) return new Map();
    if (isSaid(reply)) replies.set(unit, reply);
  }
  return replies;
}

/** Whether the service itself answered: a gateway's error, or half an answer, leaves open what was done. */
function isSaid(reply: UnitReply): boolean {
  return reply.done || (reply.error.status !== 0 && !/^HTTP_5/.test(reply.error.code));
}

function unitReply(unit: BatchUnit, answer: readonly PartReply[]): UnitReply | undefined {
  const refused = answer.find(({ status }) => status >= 400 || status === 0);
  if (refused !== undefined) {
    const { contentId: id } = refused;
    const at = id === null ? null : Number(id) % 1000;
    return { done: false, error: serviceError(refused.status, refused.body), at };
  }
  if (answer.length !== unit.requests.length) return undefined;
  const named = /\(([0-9a-f-]{36})\)\s*$/i.exec(answer[0]?.headers["odata-entityid"] ?? "")?.[1];
  if (named !== undefined && named.toLowerCase() !== unit.rowId.toLowerCase()) return undefined;
  return { done: true };
}
