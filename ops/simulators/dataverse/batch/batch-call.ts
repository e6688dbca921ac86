import { badQuery } from "../web/api-error.ts";
import { apiPath, queryOf, segmentsOf } from "../web/address.ts";
import type { Call } from "../web/call.ts";
import { preferencesOf } from "../web/preferences.ts";
import { contentAddress } from "../write/reference.ts";
import type { BatchRequest } from "./parse-batch.ts";

const longestUrl = 65_536;

/** The call a part of a batch stands for; throws 400 where it is none. */
export function innerCall(
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
