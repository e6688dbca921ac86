import type { ServerResponse } from "node:http";

/** Extra headers of a reply. */
export type Headers = Readonly<Record<string, string | number>>;

/** Sends text (or JSON that is already text) with its length. */
export function sendText(
  res: ServerResponse,
  status: number,
  text: string | Buffer,
  contentType = "text/plain; charset=utf-8",
  headers: Headers = {},
): void {
  const body = typeof text === "string" ? Buffer.from(text, "utf8") : text;
  res.writeHead(status, {
    "content-type": contentType,
    "content-length": body.length,
    ...headers,
  });
  res.end(body);
}

/** Sends a value as JSON. */
export function sendJson(
  res: ServerResponse,
  status: number,
  value: unknown,
  headers: Headers = {},
): void {
  sendText(res, status, JSON.stringify(value), "application/json; charset=utf-8", headers);
}

/** Sends a reply without a body, such as 204. */
export function sendEmpty(res: ServerResponse, status: number, headers: Headers = {}): void {
  res.writeHead(status, { ...headers });
  res.end();
}
