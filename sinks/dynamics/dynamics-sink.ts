import type { Log } from "../../pipeline/stage/log.ts";
import type { Sink } from "../sink.ts";
import { ask } from "./ask.ts";
import { always } from "../may-leave.ts";
import { canonical } from "./canonical.ts";
import { changes, mostReads } from "./changes.ts";
import { type ClientOptions, openClient } from "./client.ts";
import { allowance, describe, users } from "./facts.ts";
import { FileDigests } from "./file-digests.ts";
import { findRows } from "./find.ts";
import { leavingClient } from "./leaving-client.ts";
import { observe, rowsById, rowsByKey } from "./observe.ts";
import { sendGroups } from "./send.ts";
import { sendParts } from "./send-parts.ts";
import type { WriteOptions } from "./write-headers.ts";

/** Opens one environment as one or several application users. Throws SINK_AUTH_REFUSED, SINK_PERMISSION_MISSING, CONFIG_INVALID, SINK_UNAVAILABLE. */
export async function openDynamicsSink(
  options: ClientOptions &
    WriteOptions & {
      readonly log: Log;
      /** What the names of our columns begin with. */
      readonly publisherPrefix: string;
      /** Files to be written stand here, by their SHA-256. */
      readonly blobFolder: string;
      /** Where the digests of files read back are remembered; absent: as long as the process lives. */
      readonly digestFile?: string;
    },
): Promise<Sink> {
  const client = await openClient(options);
  options.log.info({ event: "sink_opened", users: client.userIds.length });
  const reading = { client, keyColumn: `${options.publisherPrefix}_sourcekey` };
  const writing = sendParts(client, options);
  const digests = new FileDigests(client, options.digestFile);
  return {
    userId: client.userId,
    limits: {
      ...{ bulkRows: 0, smallRows: 1000, changes: mostReads, timeoutMs: options.timeoutMs },
      get parallel() {
        return client.parallel;
      },
    },
    describe: (object) => describe(client, object),
    users: (emails) => users(client, emails),
    allowance,
    bulkable: () => false,
    find: (plan, rows) => findRows(client, plan, rows),
    send: (groups, mayLeave = always) =>
      sendGroups({ ...writing, client: leavingClient(client, mayLeave) }, groups),
    ask: (plan, rows) => ask(reading, plan, rows, digests),
    read: (plan, rows) =>
      "keys" in rows
        ? rowsByKey(reading, plan, rows.keys, digests)
        : rowsById(reading, plan, rows.ids, digests),
    async preimages(plan, ids) {
      const found = await rowsById(reading, plan, ids);
      return new Map(found.map((row) => [row.destinationId, row] as const));
    },
    observe: (plan) => observe(reading, plan, digests),
    changes: (reads) => changes(reading, reads, digests),
    canonical,
    async now() {
      await client.call({ api: "who_am_i", method: "GET", path: "WhoAmI" });
      return client.serverTime;
    },
    async close() {
      digests.close();
      await client.close();
    },
  };
}
