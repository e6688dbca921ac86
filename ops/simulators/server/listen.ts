import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { certificateIn } from "./certificate.ts";

/** Long addresses must reach the simulator, which has its own answer for those that are too long. */
const maxHeaderSize = 64 * 1024;

/** What answers a simulator's requests. */
export type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/** A simulator's open ports. */
export interface Listening {
  readonly http: string;
  readonly https: string;
  readonly caFile: string;
  close(): Promise<void>;
}

/** Opens one handler on http and https of 127.0.0.1 (port 0 = any free one); the certificate is kept in `<folder>/tls`. */
export async function listen(
  handler: Handler,
  options: { httpPort: number; httpsPort: number; folder: string },
): Promise<Listening> {
  const { key, cert, caFile } = certificateIn(join(options.folder, "tls"));
  const plain = createServer({ maxHeaderSize }, handler);
  const secure = createSecureServer({ key, cert, maxHeaderSize }, handler);
  const http = await open(plain, options.httpPort, "http");
  const https = await open(secure, options.httpsPort, "https").catch(async (error: unknown) => {
    await shut(plain);
    throw error;
  });
  const close = async (): Promise<void> => {
    await Promise.all([shut(plain), shut(secure)]);
  };
  return { http, https, caFile, close };
}

function open(server: Server, port: number, scheme: "http" | "https"): Promise<string> {
  // An idle connection is the client's to close: one that we closed could meet a request under way. What breaks connections is a fault plan.
  server.keepAliveTimeout = 0;
  return new Promise((resolve, reject) => {
    const refused = (cause: NodeJS.ErrnoException): void =>
      reject(
        new Error(
          cause.code === "EADDRINUSE"
            ? `Port ${port} of 127.0.0.1 is taken; name another ${scheme} port or use 0 for any free one.`
            : `The simulator cannot listen on ${scheme} port ${port} of 127.0.0.1.`,
          { cause },
        ),
      );
    server.once("error", refused);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", refused);
      resolve(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
