import { setTimeout as pause } from "node:timers/promises";
import type { DynamicsClient } from "../client.ts";
import { failedKeyRemedy, keyOn } from "./check-keys.ts";
import { keyDefinition, type Making } from "./definitions.ts";
import { definitionOf, type DescribedKey, describeKeys } from "./described.ts";
import type { ExpectedTable } from "./expected.ts";
import type { Maker } from "./maker.ts";
import { keyNameOf } from "./names.ts";

const keyThere = ["0x80060893", "0x80060894"];

/** Makes the alternate keys a table lacks. */
export async function makeKeys(
  client: DynamicsClient,
  maker: Maker,
  making: Making,
  { name: table, keys }: ExpectedTable,
): Promise<void> {
  if (keys.length === 0) return;
  const found = await describeKeys(client, table);
  for (const column of keys) {
    const name = keyNameOf(column);
    // One of this name on other columns is the admin's to delete.
    if (keyOn(found, column) !== undefined || found.some((key) => key.name === name)) continue;
    await maker.make({
      ...{ name: `key ${table}.${name}`, path: `${definitionOf(table)}/Keys`, there: keyThere },
      body: keyDefinition(making, column),
    });
  }
}

/** Publishes what was made, and what a run before this one made and was cut off from publishing. */
export async function publishAll(
  client: DynamicsClient,
  maker: Maker,
  tables: readonly ExpectedTable[],
): Promise<void> {
  const ours = tables.filter(({ custom, keys }) => custom.length > 0 || keys.length > 0);
  if (ours.length === 0) return;
  const entities = ours.map(({ name }) => `<entity>${name}</entity>`).join("");
  const ParameterXml = `<importexportxml><entities>${entities}</entities></importexportxml>`;
  const api = "metadata";
  const reply = await client.call({
    ...{ api, method: "POST", path: "PublishXml", body: JSON.stringify({ ParameterXml }) },
    accept: [400, 403],
  });
  if (reply.status >= 300) maker.refuse("publishing", reply.body);
}

interface Waiting {
  readonly object: string;
  readonly field: string;
}

/** Waits until every key's index is ready; a failed one is tried once more and then reported. */
export async function waitForKeys(
  client: DynamicsClient,
  maker: Maker,
  tables: readonly ExpectedTable[],
  { keyWaitMs, pollMs }: { readonly keyWaitMs: number; readonly pollMs: number },
): Promise<void> {
  const started = performance.now();
  const again = new Set<string>();
  let waiting = tables.flatMap(({ name, keys }) => keys.map((field) => ({ object: name, field })));
  while (waiting.length > 0) {
    const still: Waiting[] = [];
    for (const [object, keys] of Map.groupBy(waiting, (each) => each.object)) {
      const found = await describeKeys(client, object);
      for (const each of keys) {
        const key = keyOn(found, each.field);
        if (key?.status === "Active") continue;
        const name = `key ${object}.${key?.name ?? keyNameOf(each.field)}`;
        // What could not be made is not waited for; what was made may not be seen yet.
        if (key === undefined && isRefused(maker, found, name)) continue;
        if (key?.status !== "Failed") still.push(each);
        else if (again.has(name)) maker.refuse(name, `index failed: ${failedKeyRemedy(each)}`);
        else {
          again.add(name);
          await reactivate(client, object, key.name);
          still.push(each);
        }
      }
    }
    waiting = still;
    if (waiting.length === 0) return;
    if (performance.now() - started > keyWaitMs) return overdue(maker, waiting);
    await pause(pollMs);
  }
}

function isRefused({ refused }: Maker, found: readonly DescribedKey[], name: string): boolean {
  const otherwise = found.some((key) => name.endsWith(`.${key.name}`));
  return otherwise || refused.some((each) => each.name === name);
}

function overdue(maker: Maker, waiting: readonly Waiting[]): void {
  for (const { object, field } of waiting) {
    const why = "its index is not ready yet: wait, then run schema check --create again";
    maker.refuse(`key ${object}.${keyNameOf(field)}`, why);
  }
}

async function reactivate(client: DynamicsClient, table: string, key: string): Promise<void> {
  // 400: it failed no more when the call came.
  await client.call({
    ...{ api: "metadata", method: "POST", path: "ReactivateEntityKey", accept: [400] },
    body: JSON.stringify({ EntityLogicalName: table, EntityKeyLogicalName: key }),
  });
}
