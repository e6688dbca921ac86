import { newGuid } from "../identifier.ts";
import { ApiError, badQuery } from "../web/api-error.ts";
import type { Call, Reply } from "../web/call.ts";
import { dispatch } from "../web/dispatch.ts";
import { errorReply } from "../web/error-reply.ts";
import { appliedPreferences } from "../web/preferences.ts";
import { innerCall } from "./batch-call.ts";
import { type BatchPart, type BatchRequest, boundaryIn, parseBatch } from "./parse-batch.ts";
import { partText } from "./part-text.ts";

const mostOperations = 1_000;

interface Outcome {
  readonly text: string;
  readonly status: number;
  readonly operations: number;
}

/** Answers `$batch`: its parts one after the other, each answered in its place. */
export function batchReply(call: Call, body: string): Reply {
  const boundary = boundaryIn(call.headers["content-type"] ?? "");
  if (boundary === undefined)
    throw badQuery("The Content-Type of a batch must be multipart/mixed with a boundary.");
  const parts = parseBatch(body, boundary);
  const operations = parts.reduce(
    (sum, part) => sum + (part.kind === "request" ? 1 : part.requests.length),
    0,
  );
  if (operations > mostOperations) {
    throw new ApiError(
      400,
      "0x80040203",
      `The maximum number of operations allowed in a batch is ${mostOperations}.`,
    );
  }
  const goesOn = call.prefer.has("odata.continue-on-error");
  const outcomes: Outcome[] = [];
  let status = 200;
  for (const part of parts) {
    const outcome =
      part.kind === "request" ? singleOutcome(call, part.request) : changeSetOutcome(call, part);
    outcomes.push(outcome);
    if (outcome.status < 400 || goesOn) continue;
    status = outcome.status;
    break;
  }
  const mark = `batchresponse_${newGuid()}`;
  return {
    status,
    headers: {
      "content-type": `multipart/mixed; boundary=${mark}`,
      ...appliedPreferences([goesOn ? "odata.continue-on-error" : undefined]),
    },
    text: `${outcomes.map(({ text }) => `--${mark}\r\n${text}`).join("")}--${mark}--\r\n`,
    operations: outcomes.reduce((sum, one) => sum + one.operations, 0),
  };
}

function singleOutcome(call: Call, request: BatchRequest): Outcome {
  const reply = answered(call, request, undefined);
  return { text: partText(reply, request.contentId), status: reply.status, operations: 1 };
}

class Undone extends Error {
  readonly reply: Reply;
  readonly contentId: string | undefined;
  constructor(reply: Reply, contentId: string | undefined) {
    super("A change set was undone.");
    this.reply = reply;
    this.contentId = contentId;
  }
}

/** All requests of a change set or none; its first fault stands for all of them. */
function changeSetOutcome(call: Call, part: Extract<BatchPart, { kind: "changeset" }>): Outcome {
  const mark = `changesetresponse_${newGuid()}`;
  const { requests } = part;
  try {
    const texts = call.env.database.transaction(() => {
      const ids = new Map<string, string>();
      return requests.map((request) => {
        const reply = changed(call, request, ids);
        if (reply.status >= 400) throw new Undone(reply, request.contentId);
        return partText(reply, request.contentId);
      });
    });
    const inner = `${texts.map((text) => `--${mark}\r\n${text}`).join("")}--${mark}--\r\n`;
    const text = `Content-Type: multipart/mixed; boundary=${mark}\r\n\r\n${inner}\r\n`;
    return { text, status: 200, operations: requests.length };
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
    const { reply, contentId } = error;
    return { text: partText(reply, contentId), status: reply.status, operations: requests.length };
  }
}

function changed(call: Call, request: BatchRequest, ids: Map<string, string>): Reply {
  const { contentId, method } = request;
  if (method === "GET")
    return errorReply(call, badQuery("A change set cannot hold a GET request."));
  if (contentId === undefined)
    return errorReply(
      call,
      badQuery("The Content-ID header is missing in a part of the change set."),
    );
  if (ids.has(contentId))
    return errorReply(call, badQuery(`The Content-ID '${contentId}' is used twice.`));
  const reply = answered(call, request, ids);
  const made = reply.headers?.["OData-EntityId"];
  if (made !== undefined) ids.set(contentId, made);
  return reply;
}

function answered(
  call: Call,
  request: BatchRequest,
  ids: ReadonlyMap<string, string> | undefined,
): Reply {
  let inner = call;
  try {
    inner = innerCall(call, request, ids);
    return dispatch(inner);
  } catch (error) {
    if (error instanceof ApiError) return errorReply(inner, error);
    throw error;
  }
}
