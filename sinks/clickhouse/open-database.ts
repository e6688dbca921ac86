import { hash } from "node:crypto";
import { createClient } from "@clickhouse/client";
import { bounds, type ClickHouseAddress, type Database, LedgerDatabase } from "./database.ts";
import { createFindings } from "./finding.ts";
import { createJudged } from "./judging.ts";
import { tables } from "./tables.ts";
import { factViews, findingViews, stateViews, viewSql } from "./views.ts";

const databaseName = "cutover";

/** Opens the database and brings tables and views to what this version of the product says. */
export async function openDatabase(address: ClickHouseAddress): Promise<Database> {
  const database = "path" in address ? await embedded(address.path) : await onServer(address);
  await dropOtherLayout(database);
  for (const [name, definition] of Object.entries(tables)) {
    await database.command(`CREATE TABLE IF NOT EXISTS ${name} ${definition}`);
  }
  for (const name of factViews) await replaceView(database, name);
  await createJudged(database);
  await createFindings(database);
  for (const name of [...stateViews, ...findingViews]) await replaceView(database, name);
  return database;
}

/**
 * Tables of another version of the product go, with the positions: everything in them is in Kafka,
 * and is read again from the beginning.
 */
async function dropOtherLayout(database: Database): Promise<void> {
  const layout = hash("sha256", JSON.stringify(tables), "hex");
  await database.command(
    "CREATE TABLE IF NOT EXISTS table_layout (hash String) ENGINE = MergeTree ORDER BY hash",
  );
  const known = await database.select<{ hash: string }>("SELECT hash FROM table_layout");
  if (known.length === 1 && known[0]?.hash === layout) return;
  for (const name of Object.keys(tables)) await database.command(`DROP TABLE IF EXISTS ${name}`);
  await database.command("TRUNCATE TABLE table_layout");
  await database.insert("table_layout", [{ hash: layout }]);
}

function replaceView(database: Database, name: string): Promise<void> {
  return database.command(`CREATE OR REPLACE VIEW ${name} AS ${viewSql(name)}`);
}

/**
 * The engine's allocator keeps what it freed for seconds and one arena a processor: with these it
 * gives memory back at once (seen: 490 MB at the peak of judging without, 420 MB with). It reads them
 * when the engine's library is loaded, hence the late import.
 */
const allocator =
  "percpu_arena:disabled,narenas:2,dirty_decay_ms:0,muzzy_decay_ms:0,lg_tcache_max:12";

async function embedded(path: string): Promise<LedgerDatabase> {
  process.env["JE_MALLOC_CONF"] ??= allocator;
  const { createChdbConnection } = await import("chdb/connection");
  const connection = createChdbConnection({ path });
  const database = new LedgerDatabase(createClient({ connection } as never), true);
  await database.command(`CREATE DATABASE IF NOT EXISTS ${databaseName}`);
  await database.command(`USE ${databaseName}`);
  for (const [name, value] of Object.entries(bounds)) {
    await database.command(`SET ${name} = ${value}`);
  }
  return database;
}

async function onServer(address: { url: string; database?: string }): Promise<LedgerDatabase> {
  const name = address.database ?? databaseName;
  const first = new LedgerDatabase(createClient({ url: address.url }), false);
  await first.command(`CREATE DATABASE IF NOT EXISTS ${name}`);
  await first.close();
  return new LedgerDatabase(createClient({ url: address.url, database: name }), false);
}
