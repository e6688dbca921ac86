import { STATUS_CODES } from "node:http";
import type { Reply } from "../web/call.ts";

/** An answer as a part of a multipart body. */
export function partText(reply: Reply, contentId: string | undefined): string {
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
