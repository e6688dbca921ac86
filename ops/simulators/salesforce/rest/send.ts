import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Reply } from "./call.ts";

const jsonType = "application/json;charset=UTF-8";

/** Puts a reply on the wire; lines are made as fast as the client takes them. */
export async function sendReply(
  req: IncomingMessage,
  res: ServerResponse,
  reply: Reply,
  extra: Readonly<Record<string, string>> = {},
): Promise<void> {
  const headers: Record<string, string | number> = { ...extra, ...reply.headers };
  if (reply.lines !== undefined) return sendLines(res, reply, headers);
  if (reply.file !== undefined) return sendFile(res, reply, reply.file, headers);
  const text = reply.json === undefined ? reply.text : jsonText(req, reply.json);
  if (text === undefined) {
    res.writeHead(reply.status, headers).end();
    return;
  }
  const body = Buffer.from(text, "utf8");
  headers["content-type"] = reply.contentType ?? jsonType;
  headers["content-length"] = body.length;
  res.writeHead(reply.status, headers).end(body);
}

function jsonText(req: IncomingMessage, json: unknown): string {
  return JSON.stringify(json, null, req.headers["x-prettyprint"] === "1" ? 2 : undefined);
}

async function sendFile(
  res: ServerResponse,
  reply: Reply,
  path: string,
  headers: Record<string, string | number>,
): Promise<void> {
  headers["content-type"] = reply.contentType ?? "application/octet-stream";
  headers["content-length"] = (await stat(path)).size;
  res.writeHead(reply.status, headers);
  await pipeline(createReadStream(path), res);
}

async function sendLines(
  res: ServerResponse,
  reply: Reply,
  headers: Record<string, string | number>,
): Promise<void> {
  headers["content-type"] = reply.contentType ?? "text/csv";
  res.writeHead(reply.status, headers);
  let pending = "";
  for (const line of reply.lines ?? []) {
    pending += line;
    if (pending.length < 65_536) continue;
    if (!res.write(pending)) await once(res, "drain");
    pending = "";
  }
  res.end(pending);
}
