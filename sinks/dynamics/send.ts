import type { Operation, RowResults, SinkGroup } from "../sink.ts";
import { isClosing, sendClosings } from "./close-opportunity.ts";
import { carriesFiles, sendFiles } from "./files.ts";
import { inParallel } from "./in-parallel.ts";
import { mostBytes, mostRows, sendMultiple } from "./multiple.ts";
import type { SendParts } from "./send-parts.ts";
import { settleFaults } from "./settle.ts";
import { batchesOf, bytesOf, sendSingles } from "./singles.ts";
import { Outcomes, type Write, writeOf } from "./write.ts";

/** A key that is let go is free for its successor. */
const order: readonly Operation[] = ["delete", "update", "insert"];
/** Fewer rows of a table than this share a batch with those of others. */
const fewRows = 3;

type Task = () => Promise<void>;

/** Writes groups of rows; one result per record whose fate is known. */
export async function sendGroups(
  parts: SendParts,
  groups: readonly SinkGroup[],
): Promise<RowResults> {
  const outcomes = new Outcomes();
  try {
    for (const operation of order) {
      const some = groups.filter((group) => group.operation === operation);
      for (const tasks of await stepsOf(parts, some, outcomes)) {
        await inParallel(tasks, parts.client.parallel, (task) => task());
      }
      await settleFaults(parts, outcomes);
    }
  } catch (error) {
    // What is known stays known: the rest is asked for.
    if (outcomes.results.size === 0) throw error;
  }
  return outcomes.results;
}

/** What the groups of one operation take: steps behind one another, each of calls side by side. */
async function stepsOf(
  parts: SendParts,
  groups: readonly SinkGroup[],
  outcomes: Outcomes,
): Promise<readonly (readonly Task[])[]> {
  const writes: Write[] = [];
  const files: Task[] = [];
  const closings: Task[] = [];
  for (const group of groups) {
    const form = await parts.forms.of(group.plan);
    if (isClosing(group)) closings.push(() => sendClosings(parts, form, group, outcomes));
    else if (carriesFiles(group)) files.push(() => sendFiles(parts, form, group, outcomes));
    else writes.push(...(await writesOf(parts, group, outcomes)));
  }
  const rows = [...rowTasks(parts, writes, outcomes), ...files];
  // An opportunity is opened before its rows go, and closed behind their writes.
  return groups[0]?.operation === "delete" ? [closings, rows] : [rows, closings];
}

/** Rows ready to leave; what is refused here is judged once more by what the environment says now. */
async function writesOf(
  { forms, names }: SendParts,
  group: SinkGroup,
  outcomes: Outcomes,
): Promise<readonly Write[]> {
  const writes: Write[] = [];
  const { plan, rows } = await names.of(group);
  let known = await forms.of(plan);
  for (const { row, refusal, anew } of rows) {
    let write = refusal ?? writeOf(known, group.operation, row, anew);
    if ("kind" in write && refusal === undefined) {
      known = (await forms.anew(plan)) ?? known;
      write = writeOf(known, group.operation, row, anew);
    }
    if ("kind" in write) outcomes.refuse(group, row, write);
    else writes.push(write);
  }
  return writes;
}

function rowTasks(parts: SendParts, writes: readonly Write[], outcomes: Outcomes): readonly Task[] {
  const singles: Write[] = [];
  const tasks: Task[] = [];
  const together = Map.groupBy(writes, (write) =>
    isMultiple(parts, write) ? `${write.form.table.logical}|${write.payload.author ?? ""}` : null,
  );
  for (const [name, some] of together) {
    if (name === null || some.length < fewRows) singles.push(...some);
    else for (const call of callsOf(some)) tasks.push(() => sendMultiple(parts, call, outcomes));
  }
  for (const some of batchesOf(singles)) tasks.push(() => sendSingles(parts, some, outcomes));
  return tasks;
}

/** Whether a row goes with many others in one message: its table has it, and nothing speaks against the row. */
function isMultiple({ suspects }: SendParts, write: Write): boolean {
  const { operation, form, payload, anew } = write;
  if (operation === "delete" || anew || payload.state !== undefined || suspects.has(write))
    return false;
  return form.table.messages.has(operation === "insert" ? "CreateMultiple" : "UpdateMultiple");
}

/** Rows as calls of bounded number and size. */
function callsOf(writes: readonly Write[]): readonly (readonly Write[])[] {
  const calls: Write[][] = [];
  let [open, bytes]: [Write[], number] = [[], 0];
  for (const write of writes) {
    const size = bytesOf(write);
    if (open.length === mostRows || (open.length > 0 && bytes + size > mostBytes)) {
      calls.push(open);
      [open, bytes] = [[], 0];
    }
    open.push(write);
    bytes += size;
  }
  if (open.length > 0) calls.push(open);
  return calls;
}
