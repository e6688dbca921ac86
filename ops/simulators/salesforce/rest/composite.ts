import { asObject, type JsonObject } from "../dml/json-draft.ts";
import { ApiError, errorBody } from "./api-error.ts";
import { type Call, ok, type Reply, type Route } from "./call.ts";
import { resolveReferences } from "./composite-references.ts";

const mostSubrequests = 25;
const mostQueries = 5;

/** Answers a subrequest as if it had come by itself; never throws an `ApiError`. */
export type Dispatch = (call: Call, method: string, url: string, body: unknown) => Reply;

interface Part {
  readonly referenceId: string;
  readonly reply: Reply;
}

class Undone extends Error {}

/** `/composite`: up to 25 subrequests, in their order, one API call. */
export function compositeRoute(dispatch: Dispatch): Route {
  return { method: "POST", path: "/composite", handle: (call) => composite(dispatch, call) };
}

function composite(dispatch: Dispatch, call: Call): Reply {
  const body = asObject(call.body, "request");
  const requests = body["compositeRequest"];
  if (!Array.isArray(requests)) {
    throw new ApiError(400, "JSON_PARSER_ERROR", "The compositeRequest list is missing");
  }
  const subrequests = requests.map((one) => asObject(one, "subrequest"));
  checkCounts(subrequests);
  const allOrNone = body["allOrNone"] === true;
  let parts: Part[] = [];
  const work = (): void => {
    parts = runAll(dispatch, call, subrequests, allOrNone);
    if (allOrNone && parts.some(failed)) throw new Undone();
  };
  try {
    if (allOrNone) call.org.database.transaction(work);
    else work();
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
    parts = parts.map(rolledBack);
  }
  return ok({ compositeResponse: parts.map(partBody) });
}

function checkCounts(subrequests: readonly JsonObject[]): void {
  const heavy = subrequests.filter((one) =>
    /\/(query|composite\/sobjects)/.test(String(one["url"])),
  );
  if (subrequests.length > mostSubrequests) {
    const message = `Composite limit of ${mostSubrequests} subrequests exceeded`;
    throw new ApiError(400, "INVALID_INPUT", message);
  }
  if (heavy.length > mostQueries) {
    const message = `Composite limit of ${mostQueries} query and collection subrequests exceeded`;
    throw new ApiError(400, "INVALID_INPUT", message);
  }
}

function runAll(
  dispatch: Dispatch,
  call: Call,
  subrequests: readonly JsonObject[],
  allOrNone: boolean,
): Part[] {
  const answers = new Map<string, unknown>();
  const parts: Part[] = [];
  for (const request of subrequests) {
    const referenceId = textOf(request["referenceId"], "");
    const halted = allOrNone && parts.some(failed);
    const reply = halted ? haltedReply() : runOne(dispatch, call, request, answers);
    parts.push({ referenceId, reply });
    if (reply.status < 400) answers.set(referenceId, reply.json);
  }
  return parts;
}

function runOne(
  dispatch: Dispatch,
  call: Call,
  request: JsonObject,
  answers: ReadonlyMap<string, unknown>,
): Reply {
  try {
    const url = String(resolveReferences(request["url"], answers));
    const body = resolveReferences(request["body"], answers);
    return dispatch(call, textOf(request["method"], "GET").toUpperCase(), url, body);
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, json: errorBody(error) };
    throw error;
  }
}

function failed({ reply }: Part): boolean {
  return reply.status >= 400;
}

function haltedReply(): Reply {
  const message =
    "The transaction was rolled back since another operation in the same transaction failed.";
  return { status: 400, json: [{ errorCode: "PROCESSING_HALTED", message }] };
}

function rolledBack(part: Part): Part {
  return failed(part) ? part : { ...part, reply: haltedReply() };
}

function partBody({ referenceId, reply }: Part): object {
  const location = reply.headers?.["location"];
  return {
    body: reply.json ?? null,
    httpHeaders: location === undefined ? {} : { Location: location },
    httpStatusCode: reply.status,
    referenceId,
  };
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
