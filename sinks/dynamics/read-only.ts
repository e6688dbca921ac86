import { type BatchUnit, sendBatch } from "./batch.ts";
import { chunksOf } from "./chunks.ts";
import { codes, isCode } from "./errors.ts";
import type { BatchRequest } from "./multipart.ts";
import { opened } from "./row-state.ts";
import type { SendParts } from "./send-parts.ts";
import { requestsOf } from "./singles.ts";
import { standingRows } from "./standing.ts";
import type { Outcomes, Write } from "./write.ts";

const mostOfBatch = 30;

/**
 * Updates rows that were closed by others and whose plan says nothing of their state, such as a task
 * somebody has completed: opened, changed and closed again as they were, each as one change set.
 */
export async function writeReadOnly(
  { client, headers }: SendParts,
  writes: readonly Write[],
  outcomes: Outcomes,
): Promise<void> {
  for (const some of chunksOf(writes, mostOfBatch)) {
    const { table } = (some[0] as Write).form;
    const ids = some.map(({ id }) => id);
    const standing = await standingRows(client, table, ids, ["statecode", "statuscode"]);
    const units = new Map<BatchUnit, Write>();
    for (const write of some) {
      const row = standing.get(write.id.toLowerCase());
      if (row === undefined) {
        outcomes.settle(write, { kind: "gone", destinationId: write.id });
        continue;
      }
      const { statecode, statuscode } = row;
      const path = `${table.set}(${write.id})`;
      const state = (change: object, etag: string): BatchRequest => ({
        method: "PATCH",
        path,
        headers: { ...headers, "If-Match": etag },
        body: JSON.stringify(change),
      });
      const requests = [
        state(opened, String(row["@odata.etag"])),
        ...requestsOf(write, headers),
        state({ statecode, statuscode }, "*"),
      ];
      units.set({ requests, rowId: write.id }, write);
    }
    if (units.size === 0) continue;
    for (const [unit, reply] of await sendBatch(client, [...units.keys()])) {
      const write = units.get(unit) as Write;
      if (reply.done) outcomes.done(write);
      // Changed since it was read: the class of this code tries it again.
      else if (isCode(reply.error, codes.readOnly)) {
        outcomes.failed(write, { ...reply.error, code: codes.versionDiffers });
      } else outcomes.failed(write, reply.error);
    }
  }
}
