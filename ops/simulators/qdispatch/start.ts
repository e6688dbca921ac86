import { type Clock, virtualClock } from "../server/clock.ts";
import { faultsOf } from "../server/faults.ts";
import { listen } from "../server/listen.ts";
import type { ReadyLine } from "../server/ready.ts";
import { sendJson } from "../server/reply.ts";
import { requestLog } from "../server/request-log.ts";
import { shellOf } from "../server/shell.ts";
import { keepHeapSmall } from "../server/small-heap.ts";
import { accessOf } from "./access.ts";
import { adminRoutes } from "./admin-routes.ts";
import { dispatcherOf } from "./dispatcher/dispatcher.ts";
import { editorOf } from "./dispatcher/editor.ts";
import { liveDispatcher } from "./dispatcher/live.ts";
import { snapshotChanges } from "./dispatcher/snapshot-changes.ts";
import { exportFeed } from "./export-feed/export-feed.ts";
import { isFile, sendFile } from "./files/downloads.ts";
import { plainAddresses } from "./files/plain-address.ts";
import { signedAddresses } from "./files/signed-address.ts";
import { worldOf } from "./generate/world.ts";
import { fill } from "./load/fill.ts";
import { rateLimit } from "./rate-limit.ts";
import { ledgerOf } from "./truth/ledger.ts";
import { type Meta, metaOf } from "./truth/meta.ts";
import { openDatabase } from "./truth/schema.ts";
import { viewOf } from "./truth/view.ts";

/** How a Q Dispatch tenant is played. */
export interface QDispatchOptions {
  /** 0 (the default) takes any free port. */
  readonly httpPort?: number;
  readonly httpsPort?: number;
  readonly seed: number;
  /** Generated customers; the rest follows from it. */
  readonly size: number;
  /** Where the truth is kept; a tenant made from the same seed and size goes on from there. */
  readonly folder: string;
  /** A CSV file of real service requests, taken as the jobs in place of generated records. */
  readonly corpus?: string;
  /** An NDJSON file of canonical entities, taken in place of generated records. */
  readonly truth?: string;
  /** Rate-limit windows; on by default. */
  readonly limits?: boolean;
  /** ISO time at which the simulator's clock stands at its first start. */
  readonly startAt?: string;
  /** The share of records that change during a feed's first full read: 0.05, or 0 with a corpus or truth file. */
  readonly changesDuringSnapshot?: number;
  /** No changes but those asked for. */
  readonly quiet?: boolean;
  /** Whether the nasty realities of real tenants are planted; they are by default. */
  readonly realities?: boolean;
  /** Whether one file in some thousand has 60 MB; from 2,000 customers on by default. */
  readonly largeFiles?: boolean;
  /** Whether the addresses of files are not signed, so that a bearer token is asked for; off by default. */
  readonly bearerFiles?: boolean;
  /** Whether custom property definitions can be read; they can by default. */
  readonly propertyDefinitions?: boolean;
}

/** A running Q Dispatch tenant. */
export interface QDispatch {
  readonly ready: ReadyLine;
  close(): Promise<void>;
}

/** Makes or finds the tenant, then serves its export feeds, tokens and admin port on 127.0.0.1. */
export async function startQDispatch(options: QDispatchOptions): Promise<QDispatch> {
  const { seed, size, folder, corpus, truth, limits = true } = options;
  keepHeapSmall();
  const db = openDatabase(folder);
  try {
    const [ledger, view, meta] = [ledgerOf(db), viewOf(db), metaOf(db)];
    const { realities = true, largeFiles } = options;
    const world = worldOf({
      ...{ seed, size: corpus || truth ? 0 : size, realities },
      ...(largeFiles === undefined ? {} : { largeFiles }),
    });
    await fill({ db, ledger, meta }, { world, corpus, truth });
    const clock = keptClock(meta, options.startAt);
    const editor = editorOf({ ledger, view, meta, clock });
    const desk = { world, ledger, view, editor, meta, clock };
    const dispatcher = dispatcherOf(desk);
    const live = liveDispatcher(dispatcher);
    const afterPage = snapshotChanges(desk, shareOf(options));
    const { bearerFiles = false } = options;
    const addresses = bearerFiles ? plainAddresses() : signedAddresses(meta, clock);
    const without = options.propertyDefinitions === false ? ["custom-property-definitions"] : [];
    const feed = exportFeed({ view, clock, addresses, afterPage, without });
    const access = accessOf(db, meta, clock);
    const limit = rateLimit(clock, { enforced: limits });
    const admin = adminRoutes({
      ...{ view, editor, dispatcher, live, addresses },
      window: limit.window,
    });
    const handler = shellOf({
      clock,
      faults: faultsOf(),
      log: requestLog(),
      adminRoutes: admin,
      async handle(req, res, url) {
        // Files lie in a store of their own, which knows no windows, and tokens only without signatures.
        if (isFile(url.pathname)) {
          if (bearerFiles && !access.permits(req, res, "jobs:read")) return;
          return sendFile({ view, clock, addresses }, req, res, url);
        }
        if (!limit.admit(res)) return;
        if (url.pathname === "/oauth/token") return access.token(req, res);
        const scope = feed.scopeOf(url.pathname);
        if (scope === undefined)
          return sendJson(res, 404, { error: { code: "not_found", message: "no such address" } });
        if (access.permits(req, res, scope)) feed.answer(req, res, url);
      },
    });
    const { httpPort = 0, httpsPort = 0 } = options;
    const open = await listen(handler, { httpPort, httpsPort, folder });
    return {
      ready: {
        simulator: "qdispatch",
        http: open.http,
        https: open.https,
        ca_file: open.caFile,
        client_id: access.clientId,
        client_secret: access.clientSecret,
        user: "",
        password: "",
        admin: `${open.http}/__simulator`,
      },
      async close() {
        live.stop();
        await open.close();
        db.close();
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

function keptClock(meta: Meta, startAt: string | undefined): Clock {
  const kept = meta.get("clock_offset_ms");
  const onMove = (offset: number): void => meta.set("clock_offset_ms", String(offset));
  if (kept !== undefined) return virtualClock({ offsetMs: Number(kept), onMove });
  if (startAt === undefined) return virtualClock({ onMove });
  const at = Date.parse(startAt);
  if (Number.isNaN(at)) throw new Error(`startAt is not an ISO time: ${startAt}.`);
  const clock = virtualClock({ onMove });
  clock.setTo(at);
  return clock;
}

function shareOf({ changesDuringSnapshot, quiet, corpus, truth }: QDispatchOptions): number {
  if (quiet) return 0;
  return changesDuringSnapshot ?? (corpus || truth ? 0 : 0.05);
}
