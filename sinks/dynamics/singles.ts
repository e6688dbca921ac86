import { type BatchUnit, sendBatch } from "./batch.ts";
import { refusedAuthor, refuseForUs } from "./call-faults.ts";
import { inParallel } from "./in-parallel.ts";
import { joined } from "./late-text.ts";
import type { BatchRequest } from "./multipart.ts";
import { opened, type StateChange } from "./row-state.ts";
import type { SendParts } from "./send-parts.ts";
import { objectOf, type Outcomes, type Write } from "./write.ts";
import type { WriteHeaders } from "./write-headers.ts";

/** Most operations of one batch: it holds one slot of the service, and its time counts as one call's. */
const mostOperations = 100;
const mostBytes = 4 * 1024 * 1024;

/** Writes rows one by one, many to a batch: each is taken or refused by itself. */
export async function sendSingles(
  parts: SendParts,
  writes: readonly Write[],
  outcomes: Outcomes,
): Promise<void> {
  const { client } = parts;
  await inParallel(batchesOf(writes), client.parallel, (some) => sendOne(parts, some, outcomes));
}

/** Rows as batches: those of one author, and siblings together, since two batches would lock each other out. */
export function batchesOf(writes: readonly Write[]): readonly (readonly Write[])[] {
  const batches: Write[][] = [];
  const sorted = writes.toSorted((a, b) => compare(siblings(a), siblings(b)));
  let open: Write[] = [];
  let [operations, bytes] = [0, 0];
  for (const write of sorted) {
    const [more, size] = [write.payload.state === undefined && !write.anew ? 1 : 3, bytesOf(write)];
    const full = operations + more > mostOperations || bytes + size > mostBytes;
    if (open.length > 0 && (full || open[0]?.payload.author !== write.payload.author)) {
      batches.push(open);
      [open, operations, bytes] = [[], 0, 0];
    }
    open.push(write);
    [operations, bytes] = [operations + more, bytes + size];
  }
  if (open.length > 0) batches.push(open);
  return batches;
}

/** Bytes a row takes on the wire. */
export function bytesOf({ payload }: Write): number {
  return payload.members.bytes + 300;
}

function siblings({ payload }: Write): string {
  return `${payload.author ?? ""}|${payload.lookups[0] ?? ""}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function sendOne(
  { client, headers, suspects }: SendParts,
  writes: readonly Write[],
  outcomes: Outcomes,
): Promise<void> {
  const units = new Map<BatchUnit, Write>();
  for (const write of writes) {
    units.set({ requests: requestsOf(write, headers), rowId: write.id }, write);
  }
  const author = writes[0]?.payload.author ?? null;
  const replies = await sendBatch(client, [...units.keys()], { author });
  for (const [unit, reply] of replies) {
    const write = units.get(unit) as Write;
    if (reply.done) {
      outcomes.done(write);
      suspects.clear(write);
      continue;
    }
    refuseForUs(client, reply.error, author);
    if (refusedAuthor([write], reply.error, outcomes)) continue;
    suspects.named([write], reply.error);
    outcomes.failed(write, reply.error);
  }
}

/** What one row takes: a state is set behind a row's creation, and a row that may be read-only is opened first. */
export function requestsOf(write: Write, headers: WriteHeaders): readonly BatchRequest[] {
  const { form, operation, id, payload, anew } = write;
  const { set } = form.table;
  const path = `${set}(${id})`;
  const existing = { ...headers, "If-Match": "*" };
  if (operation === "delete") return [{ method: "DELETE", path, headers }];
  const state = (change: StateChange): BatchRequest => ({
    method: "PATCH",
    path,
    headers: existing,
    body: JSON.stringify(change),
  });
  const ends =
    payload.state === undefined || payload.state.statecode === 0 ? [] : [state(payload.state)];
  if (operation === "insert" || anew) {
    const body = objectOf(write);
    const goes: readonly BatchRequest[] = anew ? [{ method: "DELETE", path, headers }] : [];
    return [...goes, { method: "POST", path: set, headers, body }, ...ends];
  }
  const body = joined(["{", payload.members, "}"]);
  const change: BatchRequest = { method: "PATCH", path, headers: existing, body };
  if (payload.state === undefined) return [change];
  return [state(ends.length === 0 ? payload.state : opened), change, ...ends];
}
