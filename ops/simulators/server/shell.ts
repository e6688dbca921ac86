import type { IncomingMessage, ServerResponse } from "node:http";
import { type AdminRoute, answerAdmin, sharedRoutes } from "./admin.ts";
import { BodyRefused } from "./body.ts";
import type { Clock } from "./clock.ts";
import type { Faults } from "./faults.ts";
import type { Handler } from "./listen.ts";
import { sendJson } from "./reply.ts";
import type { RequestLog } from "./request-log.ts";
import { playFaults } from "./strike.ts";

/** What stands around a simulator's own routes. */
export interface Shell {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** Admin routes of this simulator; they win over the shared ones. */
  readonly adminRoutes?: readonly AdminRoute[];
  /** The simulator itself; whatever it throws becomes a 500 (`BodyRefused`: its own status). */
  handle(req: IncomingMessage, res: ServerResponse, url: URL): void | Promise<void>;
}

/** The handler for `listen`: the admin port under `/__simulator`, then faults, log and counters around the simulator's routes. */
export function shellOf(shell: Shell): Handler {
  const admin = [...(shell.adminRoutes ?? []), ...sharedRoutes(shell)];
  return (req, res) => {
    const url = URL.parse(`http://127.0.0.1${req.url ?? "/"}`);
    if (url === null) return sendJson(res, 400, { error: { code: "bad_request" } });
    const isAdmin = url.pathname === "/__simulator" || url.pathname.startsWith("/__simulator/");
    const work = isAdmin ? answerAdmin(admin, req, res, url) : answerClient(shell, req, res, url);
    work.catch((error: unknown) => fail(res, error));
  };
}

async function answerClient(
  shell: Shell,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> {
  const { clock, log } = shell;
  const method = req.method ?? "GET";
  const path = req.url ?? "/";
  const begun = performance.now();
  // A request that was cut off no longer knows its socket at the end.
  const { socket } = req;
  const { bytesRead, bytesWritten } = socket;
  const actions = shell.faults.strike({ method, path });
  res.once("close", () =>
    log.note({
      at: new Date(clock.now()).toISOString(),
      method,
      path,
      status: res.headersSent ? res.statusCode : 0,
      ms: Math.round(performance.now() - begun),
      bytes_in: socket.bytesRead - bytesRead,
      bytes_out: socket.bytesWritten - bytesWritten,
      user_agent: req.headers["user-agent"] ?? "",
      faults: actions.map((action) => action.kind),
    }),
  );
  res.setHeader("date", new Date(clock.now()).toUTCString());
  if (await playFaults(req, res, actions)) return;
  await shell.handle(req, res, url);
}

function fail(res: ServerResponse, error: unknown): void {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  const status = error instanceof BodyRefused ? error.status : 500;
  const message = error instanceof Error ? error.message : String(error);
  if (status === 500) process.stderr.write(`${error instanceof Error ? error.stack : message}\n`);
  sendJson(res, status, {
    error: { code: status === 500 ? "simulator_failed" : "bad_request", message },
  });
}
