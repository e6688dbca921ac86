import type { SchemaCreated } from "../../schema-finding.ts";
import type { DynamicsClient } from "../client.ts";
import { bars } from "./check-environment.ts";
import { organizationOf, publishersOf } from "./environment.ts";
import type { Making } from "./definitions.ts";
import { type ExpectedTable, expectedTables, type SchemaPlan } from "./expected.ts";
import { makeColumns, makeLookups, makeOptions, makeTable, switchOn } from "./make.ts";
import { makeKeys, publishAll, waitForKeys } from "./make-keys.ts";
import { type Maker, openMaker } from "./maker.ts";
import type { CreateOptions } from "./options.ts";

const usual = { keyWaitMs: 1_800_000, pollMs: 5_000 };

/**
 * Makes what a plan lacks, one call at a time: tables, columns, lookups, options, keys, and waits
 * until the keys are active. Nothing at all is made where the licence or the publisher forbids it.
 * Safe to repeat after any cut; what exists is changed only by options, notes and activities it lacks.
 */
export async function createSchema(
  client: DynamicsClient,
  compiled: SchemaPlan,
  options: CreateOptions,
): Promise<SchemaCreated> {
  const expected = expectedTables(compiled);
  const { keyWaitMs, pollMs } = { ...usual, ...options };
  const maker = openMaker(client, pollMs);
  const barred = await bars(client, expected, options);
  for (const { expected: wanted, found, remedy } of barred) {
    maker.refuse(wanted, `found ${found}; ${remedy}`);
  }
  if (barred.length > 0) return resultOf(maker);
  const making = await makingOf(client, options.publisherPrefix);
  const tables = await tablesOf(client, maker, making, expected);
  // Lookups lead to tables, and keys stand on columns: each kind waits for the one before.
  for (const each of tables) await makeColumns(client, maker, making, each);
  for (const each of tables) await makeLookups(client, maker, making, each);
  for (const each of tables) await makeOptions(client, maker, making, each);
  for (const each of tables) await makeKeys(client, maker, making, each);
  await publishAll(client, maker, tables);
  await waitForKeys(client, maker, tables, { keyWaitMs, pollMs });
  for (const { name } of tables) client.metadata.forget(name);
  return resultOf(maker);
}

function resultOf({ created, refused }: Maker): SchemaCreated {
  return { created, refused };
}

async function makingOf(client: DynamicsClient, prefix: string): Promise<Making> {
  const publisher = (await publishersOf(client)).find((each) => each.prefix === prefix);
  const { language } = await organizationOf(client);
  return { prefix, language, firstOption: publisher?.firstOption ?? 100_000_000 };
}

/** The tables that are there in the end; one that could not be made has nothing made for it. */
async function tablesOf(
  client: DynamicsClient,
  maker: Maker,
  making: Making,
  expected: readonly ExpectedTable[],
): Promise<readonly ExpectedTable[]> {
  const there: ExpectedTable[] = [];
  for (const each of expected) {
    if (!(await makeTable(client, maker, making, each))) continue;
    await switchOn(client, maker, each);
    there.push(each);
  }
  return there;
}
