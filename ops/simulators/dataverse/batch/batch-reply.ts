import { STATUS_CODES } from "node:http";
import { newGuid } from "../identifier.ts";
import { ApiError, badQuery } from "../web/api-error.ts";
import { apiPath, queryOf, segmentsOf } from "../web/address.ts";
import type { Call, Reply } from "../web/call.ts";
import { dispatch } from "../web/dispatch.ts";
import { errorReply } from "../web/error-reply.ts";
import { preferencesOf } from "../web/preferences.ts";
import { contentAddress } from "../write/reference.ts";
import { type BatchPart, type BatchRequest, boundaryIn, parseBatch } from "./parse-batch.ts";

const mostOperations = 1_000;
const longestUrl = 65_536;

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
    headers: { "content-type": `multipart/mixed; boundary=${mark}` },
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

function innerCall(
  call: Call,
  request: BatchRequest,
  ids: ReadonlyMap<string, string> | undefined,
): Call {
  const url =
    request.url.startsWith("$") && !request.url.startsWith("$batch")
      ? contentAddress(request.url, ids)
      : request.url;
  if (url.length > longestUrl) throw badQuery("The address is longer than 65536 characters.");
  const path = url.replace(/^https?:\/\/[^/]*/i, "");
  const at = path.indexOf("?");
  const before = at < 0 ? path : path.slice(0, at);
  const rawQuery = at < 0 ? "" : path.slice(at + 1);
  const rest = apiPath(before)?.rest ?? before.replace(/^\//, "");
  if (rest.startsWith("$batch")) throw badQuery("A batch cannot hold another one.");
  const { headers } = request;
  return {
    ...call,
    method: request.method,
    segments: segmentsOf(rest),
    query: queryOf(rawQuery),
    rawQuery,
    headers: { ...inherited(call), ...headers },
    prefer: preferencesOf(headers),
    body: request.body === "" ? undefined : parsed(request.body),
    inBatch: true,
    ...(ids === undefined ? {} : { contentIds: ids }),
  };
}

/** What is said of the whole batch holds for its parts. */
function inherited(call: Call): Record<string, string> {
  const own = Object.entries(call.headers).filter(([name]) => name.startsWith("mscrm."));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badQuery("An error occurred while reading the JSON of a part of the batch.");
  }
}

function partText(reply: Reply, contentId: string | undefined): string {
  const id = contentId === undefined ? "" : `Content-ID: ${contentId}\r\n`;
  const headers: Record<string, string> = { "OData-Version": "4.0", ...reply.headers };
  const body =
    reply.json === undefined ? (reply.text ?? "").toString() : JSON.stringify(reply.json);
  if (reply.json !== undefined)
    headers["Content-Type"] = "application/json; odata.metadata=minimal";
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ""}\r\n`;
  return `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n${id}\r\n${status}${lines.join("")}\r\n${body}\r\n`;
}
