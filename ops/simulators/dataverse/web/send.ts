import type { ServerResponse } from "node:http";
import { sendEmpty, sendText } from "../../server/reply.ts";
import { newGuid } from "../identifier.ts";
import type { Reply } from "./call.ts";

/** Sends an answer of the Web API with the headers every one of them has. */
export function sendReply(
  res: ServerResponse,
  reply: Reply,
  extra: Readonly<Record<string, string>> = {},
): void {
  const headers = {
    "OData-Version": "4.0",
    "x-ms-service-request-id": newGuid(),
    REQ_ID: newGuid(),
    ...extra,
    ...reply.headers,
  };
  if (reply.json !== undefined) {
    return sendText(
      res,
      reply.status,
      JSON.stringify(reply.json),
      "application/json; odata.metadata=minimal",
      headers,
    );
  }
  if (reply.text !== undefined) {
    const { "content-type": type = "text/plain", ...others } = headers as Record<string, string>;
    return sendText(res, reply.status, reply.text, type, others);
  }
  sendEmpty(res, reply.status, headers);
}
