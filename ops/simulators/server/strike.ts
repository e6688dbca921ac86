import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { FaultAction } from "./fault-plan.ts";
import { sendText } from "./reply.ts";

const builtIn = new Set(["status", "drop_before", "drop_after", "delay", "truncate"]);
const struck = new WeakMap<IncomingMessage, readonly FaultAction[]>();

/** The fault of one of the simulator's own kinds that strikes this request, for the route that plays it. */
export function faultOn(req: IncomingMessage, kind: string): FaultAction | undefined {
  return struck.get(req)?.find((action) => action.kind === kind);
}

/** Plays the built-in faults of a request; true when the request is thereby over and must not reach its route. */
export async function playFaults(
  req: IncomingMessage,
  res: ServerResponse,
  actions: readonly FaultAction[],
): Promise<boolean> {
  struck.set(
    req,
    actions.filter((action) => !builtIn.has(action.kind)),
  );
  for (const action of actions) {
    if (action.kind === "delay") await delay(action.ms ?? 0);
    if (action.kind === "drop_before") {
      req.socket.destroy();
      return true;
    }
    if (action.kind === "status") {
      answer(res, action);
      return true;
    }
    if (action.kind === "drop_after") muffle(req, res, () => undefined);
    if (action.kind === "truncate") muffle(req, res, (body) => body.subarray(0, body.length >> 1));
  }
  return false;
}

function answer(res: ServerResponse, action: FaultAction): void {
  const { status = 500, headers = {}, body = "" } = action;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? "text/plain; charset=utf-8" : "application/json";
  sendText(res, status, text, headers["content-type"] ?? type, headers);
}

/** Lets the route do its work, but puts only the `kept` part of its reply on the wire before the socket dies. */
function muffle(
  req: IncomingMessage,
  res: ServerResponse,
  kept: (body: Buffer) => Buffer | undefined,
): void {
  const chunks: Buffer[] = [];
  const head = res.writeHead.bind(res);
  const write = res.write.bind(res);
  let heading: Parameters<typeof head> | undefined;
  const keep = (chunk: unknown): void => {
    if (typeof chunk === "string") chunks.push(Buffer.from(chunk));
    else if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  };
  res.writeHead = ((...args: Parameters<typeof head>) => {
    heading = args;
    return res;
  }) as typeof res.writeHead;
  res.write = ((chunk: unknown) => {
    keep(chunk);
    return true;
  }) as typeof res.write;
  res.end = ((chunk?: unknown) => {
    keep(chunk);
    const part = kept(Buffer.concat(chunks));
    if (part === undefined) req.socket.destroy();
    else {
      if (heading !== undefined) head(...heading);
      write(part, () => req.socket.destroy());
    }
    return res;
  }) as typeof res.end;
}
