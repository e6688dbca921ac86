import { Duplex } from "node:stream";
import type { HttpReply, HttpRequest } from "../transport.ts";

/** The transport in the shape jsforce calls: a promise that also offers a stream, which nobody reads. */
export function asJsforceTransport(send: (request: HttpRequest) => Promise<HttpReply>): {
  httpRequest(request: HttpRequest): Promise<HttpReply> & { stream(): Duplex };
} {
  return {
    httpRequest: (sent) =>
      Object.assign(send(sent), {
        stream: () => new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() }),
      }),
  };
}
