import { failpoint } from "../../pipeline/stage/failpoint.ts";
import { bisect } from "./bisect.ts";
import { refusedAuthor, refuseForUs, rowError } from "./call-faults.ts";
import { answers, codes, isCode, type ServiceError } from "./errors.ts";
import { joined, type LateText } from "./late-text.ts";
import type { SendParts } from "./send-parts.ts";
import { sendSingles } from "./singles.ts";
import { sortOut } from "./sort-out.ts";
import { type Outcomes, typedObjectOf, type Write } from "./write.ts";

/** Rows of one call that fail together go one by one from here on: a batch costs less than more halving. */
const fewest = 64;

/** Faults that are found before a row leaves, as long as what we know of the table is true. */
const foreseen = [
  codes.textTooLong,
  codes.notAnOption,
  codes.integerRange,
  codes.numberRange,
  codes.badPayload,
];

/** Most rows of one call, and their bytes as JSON: beyond them calls only grow slower. */
export const mostRows = 1000;
export const mostBytes = 4 * 1024 * 1024;

/**
 * Writes rows of one table, operation and author by CreateMultiple or UpdateMultiple. These take all
 * rows or none and do not say which was at fault, so culprits are sorted out, or found by halving.
 */
export async function sendMultiple(
  parts: SendParts,
  writes: readonly Write[],
  outcomes: Outcomes,
): Promise<void> {
  if (writes.length === 0) return;
  const error = await attempt(parts, writes, outcomes);
  if (error === undefined || refusedAuthor(writes, error, outcomes)) return;
  const [first] = writes as readonly [Write];
  if (writes.length === 1) return outcomes.failed(first, error);
  const alone = (some: readonly Write[]): Promise<void> => sendSingles(parts, some, outcomes);
  if (isCode(error, codes.notOffered)) {
    parts.client.metadata.forget(first.form.plan.object);
    return alone(writes);
  }
  // What is said of the table has changed, or it would have been refused before it left.
  if (isCode(error, ...foreseen)) parts.client.metadata.forget(first.form.plan.object);
  const { rest, apart } = await sortOut(parts, writes, error, outcomes);
  if (rest.length === writes.length) {
    return bisect(writes, {
      attempt: async (some) => (await attempt(parts, some, outcomes)) === undefined,
      few: alone,
      fewest,
    });
  }
  await alone(apart);
  await sendMultiple(parts, rest, outcomes);
}

/** Sends one call; its rows are taken, or none is and the error says why. */
async function attempt(
  { client, headers }: SendParts,
  writes: readonly Write[],
  outcomes: Outcomes,
): Promise<ServiceError | undefined> {
  const [first] = writes as readonly [Write];
  const { table } = first.form;
  const message = first.operation === "insert" ? "CreateMultiple" : "UpdateMultiple";
  const { author } = first.payload;
  const reply = await client.call({
    api: first.operation === "insert" ? "create_multiple" : "update_multiple",
    method: "POST",
    path: `${table.set}/Microsoft.Dynamics.CRM.${message}`,
    headers,
    body: targetsOf(writes),
    write: true,
    accept: answers,
    ...(author === null ? {} : { user: author }),
  });
  failpoint("rows.sent");
  const error = rowError(reply);
  if (error !== undefined) {
    refuseForUs(client, error, author);
    return error;
  }
  const made = message === "CreateMultiple" ? idsIn(reply.body) : undefined;
  // An id we did not send is nobody's: its row is asked for.
  for (const write of writes) if (made?.has(write.id) !== false) outcomes.done(write);
  return undefined;
}

function idsIn(body: string): ReadonlySet<string> {
  const { Ids } = JSON.parse(body) as { Ids: readonly string[] };
  return new Set(Ids.map((id) => id.toLowerCase()));
}

function targetsOf(writes: readonly Write[]): LateText {
  const targets = writes.map((write, at) => joined([at === 0 ? "" : ",", typedObjectOf(write)]));
  return joined([`{"Targets":[`, ...targets, "]}"]);
}
