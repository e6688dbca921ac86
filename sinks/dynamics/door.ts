import { CutoverError } from "../../pipeline/core/errors.ts";
import { restOf, type Transport } from "../transport.ts";
import { type Addresses, addressOf } from "./addresses.ts";
import type { DynamicsCall, DynamicsReply, DynamicsStream } from "./client.ts";
import { exchange, type ExchangeParts } from "./exchange.ts";
import { type LateText, written } from "./late-text.ts";
import type { Caller } from "./pool.ts";
import { isServiceError, replyError } from "./reply-error.ts";

/** Calls sent as one of the application users. */
export interface Door {
  call(caller: Caller, call: DynamicsCall): Promise<DynamicsReply>;
  stream(caller: Caller, call: Omit<DynamicsCall, "body" | "write">): Promise<DynamicsStream>;
  /** The id of the systemuser behind a caller. */
  whoAmI(caller: Caller): Promise<string>;
  readonly serverTime: number;
}

/** What a door works with. */
export interface DoorParts extends ExchangeParts {
  readonly addresses: Addresses;
  readonly transport: Transport;
  readonly timeoutMs: number;
}

/** Bodies above this are refused by the service (128 MB), and never sent. */
const mostBytes = 120_000_000;

type Streamed = DynamicsReply & { readonly bytes?: DynamicsStream["body"] };

/** Opens the door; callers come with each call. */
export function openDoor(parts: DoorParts): Door {
  const { addresses, transport, timeoutMs } = parts;
  let serverTime = 0;
  const note = (headers: DynamicsReply["headers"]): void => {
    serverTime = Date.parse(headers["date"] ?? "") || serverTime;
  };
  const request = (call: DynamicsCall, token: string) => ({
    method: call.method,
    url: addressOf(addresses, call.path),
    headers: headersOf(call, token),
  });
  const call: Door["call"] = async (caller, one) => {
    const { api, write = false, mayLeave } = one;
    const bytes = bytesIn(one.body);
    let made: string | Buffer | undefined;
    if (bytes > mostBytes) throw tooLarge(api, bytes);
    // What a read takes depends on what there is to be read.
    const kind = write ? `${api} ${Math.round(Math.log2(bytes + 1))}` : undefined;
    const reply = await exchange<DynamicsReply>(parts, {
      ...{ api, write, caller, kind },
      ...(mayLeave === undefined ? {} : { mayLeave }),
      async send(token) {
        made ??= bodyOf(one.body);
        const sent = { ...request(one, token), ...(made === undefined ? {} : { body: made }) };
        const { statusCode: status, ...rest } = await transport.send(sent, timeoutMs);
        note(rest.headers);
        return { status, ...rest };
      },
    });
    if (isAnswer(one, reply)) return reply;
    throw replyError(reply, api, write);
  };
  return {
    call,
    async stream(caller, one) {
      const { api } = one;
      const { bytes, ...reply } = await exchange<Streamed>(parts, {
        ...{ api, write: false, caller },
        async send(token) {
          const answer = await transport.stream(request(one, token), timeoutMs);
          const { statusCode: status, headers } = answer;
          note(headers);
          if (isDone(status)) return { status, headers, body: "", bytes: answer.body };
          return { status, headers, body: await restOf(answer) };
        },
      });
      if (isAnswer(one, reply)) return { ...reply, body: bytes ?? once(reply.body) };
      throw replyError(reply, api, false);
    },
    async whoAmI(caller) {
      const reply = await call(caller, { api: "who_am_i", method: "GET", path: "WhoAmI" });
      return (JSON.parse(reply.body) as { UserId: string }).UserId.toLowerCase();
    },
    get serverTime() {
      return serverTime;
    },
  };
}

function bytesIn(body: DynamicsCall["body"]): number {
  if (body === undefined) return 0;
  return isLate(body) ? body.bytes : Buffer.byteLength(body);
}

function bodyOf(body: DynamicsCall["body"]): string | Buffer | undefined {
  return isLate(body) ? written(body) : body;
}

function isLate(body: DynamicsCall["body"]): body is LateText {
  return typeof body === "object" && "writeTo" in body;
}

function headersOf(call: DynamicsCall, token: string): Record<string, string> {
  const { body, contentType = "application/json; charset=utf-8", user } = call;
  return {
    accept: "application/json",
    "odata-version": "4.0",
    "odata-maxversion": "4.0",
    ...(body === undefined ? {} : { "content-type": contentType }),
    ...(user === undefined ? {} : { MSCRMCallerID: user }),
    ...call.headers,
    authorization: `Bearer ${token}`,
  };
}

function isDone(status: number): boolean {
  return status >= 200 && status < 300;
}

/** A status above 499 answers only where the service itself speaks: a gateway knows nothing of the call. */
function isAnswer({ accept }: Pick<DynamicsCall, "accept">, { status, body }: DynamicsReply) {
  if (isDone(status)) return true;
  if (accept?.includes(status) !== true) return false;
  return status < 500 || isServiceError(body);
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

function tooLarge(api: string, bytes: number): CutoverError {
  return new CutoverError(
    "SINK_SYSTEM_UNKNOWN",
    `Dynamics, ${api}: a call of ${bytes} bytes was not sent, ${mostBytes} is the most. Lower the size of files or rows in one call.`,
  );
}
